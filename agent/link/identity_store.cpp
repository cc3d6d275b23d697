// SPDX-License-Identifier: Apache-2.0
#include "agent/link/identity_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>

#include "shared/base/atomic_file.h"
#include "shared/crypto/certificates.h"

namespace ifrit::agent::link {
namespace {

constexpr std::size_t kMaxBytes = 256 * 1024;
constexpr int kFileMode = 0600;
// Lines outside the PEM blocks are comments to every reader of PEM.
constexpr std::array<std::string_view, 3> kSections{
    "# ifrit: private key\n", "# ifrit: certificate\n", "# ifrit: trusted roots\n"};
constexpr std::string_view kMarks = "# ifrit: marks of the host\n";

absl::Status damaged(const std::string& path, std::string_view why) {
    return base::makeError(absl::StatusCode::kDataLoss, "IDENTITY_DAMAGED", path,
                           fmt::format("{}: {}; remove it and enrol again", path, why));
}

}  // namespace

absl::StatusOr<std::optional<StoredIdentity>> IdentityStore::load() const {
    const absl::StatusOr<std::string> text = base::readFile(m_path, kMaxBytes);
    if (absl::IsNotFound(text.status())) return std::optional<StoredIdentity>();
    if (!text.ok()) return text.status();
    std::array<std::size_t, kSections.size() + 1> starts{};
    for (std::size_t i = 0; i < kSections.size(); ++i) {
        starts[i] = text->find(kSections[i], i == 0 ? 0 : starts[i - 1]);
        if (starts[i] == std::string::npos) return damaged(m_path, "a section is missing");
    }
    const std::size_t marks = text->find(kMarks, starts[kSections.size() - 1]);
    starts.back() = std::min(marks, text->size());
    const auto section = [&](std::size_t i) {
        const std::size_t begin = starts[i] + kSections[i].size();
        return text->substr(begin, starts[i + 1] - begin);
    };
    StoredIdentity stored{{section(0), section(1), section(2)}, "", {}};
    const MachineIdentity& identity = stored.identity;
    const absl::Status pair = crypto::checkKeyPair(identity.certificatePem, identity.privateKeyPem);
    if (!pair.ok()) return damaged(m_path, base::messageOf(pair));
    const auto named = crypto::parseIdentity(identity.certificatePem);
    if (!named.ok()) return damaged(m_path, base::messageOf(named.status()));
    stored.uuid = named->name;
    if (marks != std::string::npos)
        stored.marks = parseHostMarks(std::string_view(*text).substr(marks + kMarks.size()));
    return std::optional<StoredIdentity>(std::move(stored));
}

absl::StatusOr<std::string> IdentityStore::setAside(const std::string& uuid) const {
    std::string aside = fmt::format("{}.of-{}", m_path, uuid);
    if (::rename(m_path.c_str(), aside.c_str()) != 0)
        return base::errnoStatus(errno, "setting aside " + m_path);
    return aside;
}

absl::Status IdentityStore::save(const MachineIdentity& identity, const HostMarks& marks,
                                 base::WallTime now) const {
    IFRIT_RETURN_IF_ERROR(crypto::checkKeyPair(identity.certificatePem, identity.privateKeyPem));
    IFRIT_RETURN_IF_ERROR(crypto::verifyCertificate(identity.certificatePem, identity.caPem, now));
    std::string text;
    for (const auto& [title, pem] : {std::pair(kSections[0], &identity.privateKeyPem),
                                     std::pair(kSections[1], &identity.certificatePem),
                                     std::pair(kSections[2], &identity.caPem)}) {
        text += title;
        text += *pem;
        if (!pem->empty() && pem->back() != '\n') text += '\n';
    }
    text += kMarks;
    text += formatHostMarks(marks);
    return base::writeFileAtomically(m_path, text, kFileMode);
}

std::string IdentityStore::pendingPath() const {
    return m_path + ".enrolling";
}

absl::StatusOr<std::string> IdentityStore::pendingKey() const {
    absl::StatusOr<std::string> key = base::readFile(pendingPath(), kMaxBytes);
    // One that cannot be used is no reason never to enrol.
    if (key.ok() && crypto::createCsr(*key, "check").ok()) return key;
    IFRIT_ASSIGN_OR_RETURN(std::string made, crypto::generatePrivateKey());
    IFRIT_RETURN_IF_ERROR(base::writeFileAtomically(pendingPath(), made, kFileMode));
    return made;
}

void IdentityStore::dropPendingKey() const {
    std::remove(pendingPath().c_str());
}

}  // namespace ifrit::agent::link

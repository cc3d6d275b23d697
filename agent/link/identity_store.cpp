// SPDX-License-Identifier: Apache-2.0
#include "agent/link/identity_store.h"

#include <array>
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

absl::Status damaged(const std::string& path, std::string_view why) {
    return base::makeError(absl::StatusCode::kDataLoss, "IDENTITY_DAMAGED", path,
                           fmt::format("{}: {}; remove it and enrol again", path, why));
}

}  // namespace

absl::StatusOr<std::optional<MachineIdentity>> IdentityStore::load() const {
    const absl::StatusOr<std::string> text = base::readFile(m_path, kMaxBytes);
    if (absl::IsNotFound(text.status())) return std::optional<MachineIdentity>();
    if (!text.ok()) return text.status();
    std::array<std::size_t, kSections.size() + 1> starts{};
    for (std::size_t i = 0; i < kSections.size(); ++i) {
        starts[i] = text->find(kSections[i], i == 0 ? 0 : starts[i - 1]);
        if (starts[i] == std::string::npos) return damaged(m_path, "a section is missing");
    }
    starts.back() = text->size();
    const auto section = [&](std::size_t i) {
        const std::size_t begin = starts[i] + kSections[i].size();
        return text->substr(begin, starts[i + 1] - begin);
    };
    MachineIdentity identity{section(0), section(1), section(2)};
    const absl::Status pair = crypto::checkKeyPair(identity.certificatePem, identity.privateKeyPem);
    if (!pair.ok()) return damaged(m_path, base::messageOf(pair));
    return std::optional<MachineIdentity>(std::move(identity));
}

absl::Status IdentityStore::save(const MachineIdentity& identity, base::WallTime now) const {
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

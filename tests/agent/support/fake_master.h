// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "agent/link/master_client.h"
#include "shared/base/atomic_file.h"
#include "shared/package/package_file.h"

namespace ifrit::tests {

/// A master in this process: packages from a directory, everything else from what the test sets.
/// Thread-safe as far as the atomics go; set the functions before use.
class FakeMaster final : public agent::link::MasterClient {
public:
    explicit FakeMaster(std::filesystem::path packages) : m_packages(std::move(packages)) {}

    std::atomic<bool> away{false};
    std::atomic<int> permitsAsked{0};
    std::atomic<int> downloads{0};
    std::function<agent::link::PermitReply(const agent::link::PermitRequest&)> permit;
    absl::Status permitError;  ///< instead of any answer to a request for a permit
    std::function<absl::StatusOr<agent::link::SyncReply>(const agent::link::SyncRequest&)> onSync;
    std::function<absl::StatusOr<agent::link::IssuedCertificate>(const std::string&)> onRenew;
    std::function<absl::Status(agent::link::WatchStop&)> onWatch;
    /// May change what is sent.
    std::function<void(agent::package::ManifestOffer&)> alterManifest;
    std::function<void(std::string&)> alterArchive;

    absl::StatusOr<agent::link::SyncReply> sync(const agent::link::SyncRequest& request) override {
        if (away || !onSync) return unreachable();
        return onSync(request);
    }
    absl::StatusOr<agent::link::PermitReply> requestPermit(
        const agent::link::PermitRequest& request) override {
        if (away) return unreachable();
        ++permitsAsked;
        if (!permitError.ok()) return permitError;
        if (permit) return permit(request);
        return agent::link::PermitReply{true, std::chrono::seconds(60), "", "", {}};
    }
    absl::StatusOr<agent::link::IssuedCertificate> renew(const std::string& csr) override {
        if (away || !onRenew) return unreachable();
        return onRenew(csr);
    }
    absl::Status watch(std::uint64_t, const std::function<void(agent::link::GenerationNotice)>&,
                       agent::link::WatchStop& stop) override {
        return onWatch ? onWatch(stop) : unreachable();
    }
    absl::StatusOr<agent::package::ManifestOffer> manifest(const std::string& digest) override {
        if (away) return unreachable();
        IFRIT_ASSIGN_OR_RETURN(const auto file, open(digest));
        agent::package::ManifestOffer offer{file.manifest};
        if (alterManifest) alterManifest(offer);
        return offer;
    }
    absl::Status archive(const std::string& digest, std::uint64_t offset, std::chrono::milliseconds,
                         const ArchiveSink& sink) override {
        if (away) return unreachable();
        ++downloads;
        IFRIT_ASSIGN_OR_RETURN(const auto file, open(digest));
        IFRIT_ASSIGN_OR_RETURN(std::string bytes, base::readFile(file.path.string(), 64 << 20));
        bytes = bytes.substr(file.payloadOffset, file.payloadSize);
        if (alterArchive) alterArchive(bytes);
        for (std::size_t at = offset; at < bytes.size(); at += kChunk) {
            IFRIT_RETURN_IF_ERROR(sink(std::string_view(bytes).substr(at, kChunk)));
        }
        return absl::OkStatus();
    }
    void cancel() override { away = true; }

private:
    static constexpr std::size_t kChunk = 16 * 1024;

    static absl::Status unreachable() { return absl::UnavailableError("no master can be reached"); }
    absl::StatusOr<::ifrit::package::PackageFile> open(const std::string& digest) const {
        return ::ifrit::package::openPackageFile(m_packages / (digest + ".ifrit"));
    }

    const std::filesystem::path m_packages;
};

/// Leads every connection to one fake master.
class FakeConnector final : public agent::link::MasterConnector {
public:
    explicit FakeConnector(std::shared_ptr<FakeMaster> master) : m_master(std::move(master)) {}

    std::function<absl::StatusOr<agent::link::IssuedCertificate>(const std::string& address,
                                                                 const agent::link::EnrolRequest&)>
        onEnrol;
    /// Leads to another master; may return nullptr for the usual one.
    std::function<std::shared_ptr<agent::link::MasterClient>(const agent::link::Endpoint&,
                                                             const agent::link::MachineIdentity&)>
        onConnect;
    std::vector<std::string> connected;

    std::shared_ptr<agent::link::MasterClient> connect(
        const agent::link::Endpoint& master,
        const agent::link::MachineIdentity& identity) override {
        connected.push_back(master.address);
        auto other = onConnect ? onConnect(master, identity) : nullptr;
        return other ? other : m_master;
    }
    absl::StatusOr<agent::link::IssuedCertificate> enrol(
        const agent::link::Endpoint& master, const std::string&,
        const agent::link::EnrolRequest& request) override {
        if (!onEnrol) return absl::UnavailableError("no master can be reached");
        return onEnrol(master.address, request);
    }

private:
    std::shared_ptr<FakeMaster> m_master;
};

}  // namespace ifrit::tests

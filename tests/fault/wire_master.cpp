// SPDX-License-Identifier: Apache-2.0
#include "tests/fault/wire_master.h"

#include <absl/synchronization/mutex.h>
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <map>
#include <stdexcept>

#include "agent/install/layout.h"
#include "agent/link/identity_store.h"
#include "ifrit/v1/machine_link.grpc.pb.h"
#include "shared/base/atomic_file.h"
#include "shared/base/hex.h"
#include "shared/codec/desired_state_codec.h"
#include "shared/codec/machine_codec.h"
#include "shared/crypto/certificates.h"
#include "shared/package/package_file.h"
#include "shared/rpc/channel.h"
#include "shared/rpc/peer.h"

namespace ifrit::tests {
namespace {

/// So late that what a test sees is the work of one poll.
constexpr std::uint32_t kNextPollMs = 120'000;
constexpr std::size_t kChunk = 64 * 1024;

crypto::CertificateRequest named(crypto::Role role, const std::string& name) {
    crypto::CertificateRequest request;
    request.role = role;
    request.cluster = "faults";
    request.name = name;
    request.hosts = {"127.0.0.1"};
    request.now = base::SystemClock().now();
    return request;
}

struct MachineState {
    std::vector<domain::DesiredEntry> entries;
    std::uint64_t generation = 0;
    bool held = false;
    int syncs = 0;
    std::vector<std::uint64_t> downloads;
    std::vector<domain::AgentReport> reports;
    std::vector<domain::MachineEvent> events;
    bool endless = false;
};

std::string callerOf(const grpc::ServerContext& context) {
    const auto pem = rpc::peerCertificatePem(context);
    const auto identity = pem ? crypto::parseIdentity(*pem) : absl::UnknownError("no certificate");
    return identity.ok() ? identity->name : "";
}

}  // namespace

struct WireMaster::Implementation final : v1::MachineLink::Service {
    mutable absl::Mutex mutex;
    absl::CondVar changed;
    std::map<std::string, MachineState> machines ABSL_GUARDED_BY(mutex);
    std::uint64_t generation ABSL_GUARDED_BY(mutex) = 0;
    bool ending ABSL_GUARDED_BY(mutex) = false;
    const WireMaster* owner = nullptr;
    std::filesystem::path packages;
    crypto::Credentials ca;
    std::unique_ptr<grpc::Server> server;
    int port = 0;

    absl::StatusOr<::ifrit::package::PackageFile> package(const std::string& digest) const {
        return ::ifrit::package::openPackageFile(packages / (base::toHex(digest) + ".ifrit"));
    }

    bool isLetGo(const grpc::ServerContext& context, const std::string& uuid)
        ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
        // With a limit, because nobody tells when the caller is killed while it is held.
        while (machines[uuid].held && !ending && !context.IsCancelled())
            changed.WaitWithTimeout(&mutex, absl::Milliseconds(20));
        return !machines[uuid].held && !ending;
    }
    bool letsIn(const grpc::ServerContext& context) {
        const absl::MutexLock lock(&mutex);
        return isLetGo(context, callerOf(context));
    }

    grpc::Status Sync(grpc::ServerContext* context, const v1::SyncRequest* request,
                      v1::SyncResponse* response) override {
        const std::string uuid = callerOf(*context);
        const absl::MutexLock lock(&mutex);
        if (!isLetGo(*context, uuid)) return {grpc::StatusCode::UNAVAILABLE, "held"};
        MachineState& machine = machines[uuid];
        for (const v1::AgentReport& wire : request->report().agents()) {
            const auto report = codec::fromWire(wire);
            if (report.ok()) machine.reports.push_back(*report);
        }
        for (const v1::MachineEvent& wire : request->report().events()) {
            const auto event = codec::fromWire(wire);
            if (event.ok()) machine.events.push_back(*event);
        }
        ++machine.syncs;
        response->set_acked_seq(request->report().seq());
        response->set_next_poll_ms(kNextPollMs);
        response->set_changed(request->held_generation() != machine.generation);
        if (!response->changed()) return grpc::Status::OK;
        response->mutable_desired()->set_generation(machine.generation);
        response->mutable_desired()->set_etag(machine.generation);
        *response->mutable_desired()->mutable_fragment() = codec::toFragment(machine.entries);
        return grpc::Status::OK;
    }
    grpc::Status RequestPermit(grpc::ServerContext* context, const v1::PermitRequest*,
                               v1::PermitResponse* response) override {
        if (!letsIn(*context)) return {grpc::StatusCode::UNAVAILABLE, "held"};
        response->set_granted(true);
        response->set_valid_for_ms(60'000);
        return grpc::Status::OK;
    }
    grpc::Status GetManifest(grpc::ServerContext* context, const v1::GetManifestRequest* request,
                             v1::GetManifestResponse* response) override {
        if (!letsIn(*context)) return {grpc::StatusCode::UNAVAILABLE, "held"};
        const auto file = package(request->manifest_digest());
        if (!file.ok()) return {grpc::StatusCode::NOT_FOUND, "no such package"};
        ::ifrit::package::SignedManifest manifest = file->manifest;
        if (owner->alterManifest) owner->alterManifest(callerOf(*context), manifest);
        response->set_manifest(manifest.bytes);
        response->set_signature(manifest.signature);
        response->set_key_id(manifest.keyId);
        return grpc::Status::OK;
    }
    grpc::Status DownloadArchive(grpc::ServerContext* context,
                                 const v1::DownloadArchiveRequest* request,
                                 grpc::ServerWriter<v1::ArchiveChunk>* writer) override {
        if (!letsIn(*context)) return {grpc::StatusCode::UNAVAILABLE, "held"};
        const std::string uuid = callerOf(*context);
        const auto file = package(request->manifest_digest());
        if (!file.ok()) return {grpc::StatusCode::NOT_FOUND, "no such package"};
        auto bytes = base::readFile(file->path.string(), 64U << 20);
        if (!bytes.ok()) return {grpc::StatusCode::UNAVAILABLE, "cannot be read"};
        std::string archive = bytes->substr(file->payloadOffset, file->payloadSize);
        if (owner->alterArchive) owner->alterArchive(uuid, archive);
        bool endless = false;
        {
            const absl::MutexLock lock(&mutex);
            machines[uuid].downloads.push_back(request->offset());
            endless = machines[uuid].endless;
        }
        for (std::size_t at = request->offset(); at < archive.size(); at += kChunk) {
            v1::ArchiveChunk chunk;
            chunk.set_offset(at);
            chunk.set_data(archive.substr(at, kChunk));
            if (!writer->Write(chunk)) break;
        }
        v1::ArchiveChunk more;
        more.set_data(std::string(kChunk, 'x'));
        for (std::size_t at = std::max<std::size_t>(archive.size(), request->offset()); endless;
             at += kChunk) {
            more.set_offset(at);
            if (!writer->Write(more)) break;
        }
        return grpc::Status::OK;
    }
    grpc::Status Watch(grpc::ServerContext*, const v1::WatchGenerationRequest*,
                       grpc::ServerWriter<v1::GenerationNotice>*) override {
        return {grpc::StatusCode::UNAVAILABLE, "machines of this master poll"};
    }
};

WireMaster::WireMaster(const std::filesystem::path& packages)
    : m_implementation(std::make_unique<Implementation>()) {
    Implementation& self = *m_implementation;
    self.owner = this;
    self.packages = packages;
    self.ca = *crypto::createCa("faults", base::SystemClock().now(), std::chrono::hours(24));
    const auto server = crypto::issue(self.ca, named(crypto::Role::Server, "master"));
    grpc::ServerBuilder builder;
    builder.AddListeningPort(
        "127.0.0.1:0",
        rpc::makeServerCredentials(
            {self.ca.certificatePem, server->certificatePem, server->privateKeyPem}),
        &self.port);
    builder.RegisterService(&self);
    self.server = builder.BuildAndStart();
    if (!self.server || self.port == 0) throw std::runtime_error("no port for a master");
}

WireMaster::~WireMaster() {
    {
        const absl::MutexLock lock(&m_implementation->mutex);
        m_implementation->ending = true;
    }
    m_implementation->server->Shutdown(std::chrono::system_clock::now());
    m_implementation->server->Wait();
}

int WireMaster::port() const {
    return m_implementation->port;
}

void WireMaster::enrol(const std::string& uuid, const std::filesystem::path& root) const {
    const auto issued = crypto::issue(m_implementation->ca, named(crypto::Role::Machine, uuid));
    const std::string path = agent::install::Layout(root.string()).identity();
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    const absl::Status saved = agent::link::IdentityStore(path).save(
        {issued->privateKeyPem, issued->certificatePem, m_implementation->ca.certificatePem}, {},
        base::SystemClock().now());
    if (!saved.ok()) throw std::runtime_error(saved.ToString());
}

void WireMaster::want(const std::string& uuid, const domain::DesiredEntry& entry) {
    want(uuid, std::vector{entry});
}

void WireMaster::want(const std::string& uuid, std::vector<domain::DesiredEntry> entries) {
    const absl::MutexLock lock(&m_implementation->mutex);
    MachineState& machine = m_implementation->machines[uuid];
    machine.generation = ++m_implementation->generation;
    machine.entries = std::move(entries);
    for (domain::DesiredEntry& entry : machine.entries) {
        entry.generation = machine.generation;
        entry.timestamp = base::SystemClock().now();
    }
    machine.reports.clear();
    machine.events.clear();
}

void WireMaster::hold(const std::string& uuid) {
    const absl::MutexLock lock(&m_implementation->mutex);
    m_implementation->machines[uuid].held = true;
}

void WireMaster::letGo(const std::string& uuid) {
    const absl::MutexLock lock(&m_implementation->mutex);
    m_implementation->machines[uuid].held = false;
    m_implementation->changed.SignalAll();
}

int WireMaster::syncs(const std::string& uuid) const {
    const absl::MutexLock lock(&m_implementation->mutex);
    return m_implementation->machines[uuid].syncs;
}

std::vector<std::uint64_t> WireMaster::downloads(const std::string& uuid) const {
    const absl::MutexLock lock(&m_implementation->mutex);
    return m_implementation->machines[uuid].downloads;
}

void WireMaster::forgetDownloads(const std::string& uuid) {
    const absl::MutexLock lock(&m_implementation->mutex);
    m_implementation->machines[uuid].downloads.clear();
}

domain::AgentReport WireMaster::report(const std::string& uuid, const std::string& agent) const {
    const absl::MutexLock lock(&m_implementation->mutex);
    const auto& reports = m_implementation->machines[uuid].reports;
    const auto newest = std::find_if(reports.rbegin(), reports.rend(),
                                     [&](const auto& report) { return report.agent == agent; });
    return newest == reports.rend() ? domain::AgentReport() : *newest;
}

std::vector<domain::AgentReport> WireMaster::reports(const std::string& uuid) const {
    const absl::MutexLock lock(&m_implementation->mutex);
    return m_implementation->machines[uuid].reports;
}

std::vector<domain::MachineEvent> WireMaster::events(const std::string& uuid) const {
    const absl::MutexLock lock(&m_implementation->mutex);
    return m_implementation->machines[uuid].events;
}

domain::MachineEvent WireMaster::event(const std::string& uuid, const std::string& kind,
                                       const std::string& words) const {
    for (const domain::MachineEvent& event : events(uuid))
        if (event.kind == kind && event.message.find(words) != std::string::npos) return event;
    return {};
}

void WireMaster::sendForEver(const std::string& uuid) {
    const absl::MutexLock lock(&m_implementation->mutex);
    m_implementation->machines[uuid].endless = true;
}

}  // namespace ifrit::tests

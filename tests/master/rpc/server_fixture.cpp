// SPDX-License-Identifier: Apache-2.0
#include "tests/master/rpc/server_fixture.h"

#include <algorithm>

#include "shared/base/ids.h"
#include "shared/codec/desired_state_codec.h"
#include "shared/crypto/sha256.h"
#include "shared/package/signed_manifest.h"
#include "shared/rpc/channel.h"
#include "tests/support/test_manifest.h"

namespace ifrit::master::rpc {
namespace {

void deadline(grpc::ClientContext& context) {
    ifrit::rpc::setDeadline(context, std::chrono::seconds(10));
}

}  // namespace

ServerFixture::ServerFixture(std::shared_ptr<storage::MemoryDatabase> db, ServerOptions options)
    : database(db ? std::move(db) : std::make_shared<storage::MemoryDatabase>()),
      identities("test", database),
      audit(database, identities.ca(), "test"),
      authority("test", identities.ca(), {}),
      logins({*database, database->trail, clock}),
      grants(*database, clock),
      trustDesk{*database, database->trail, clock, authority, logins, grants, [] {}},
      key(crypto::SigningKey::generate().value()) {
    trust(key);
    const auto tls = identities.issue(crypto::Role::Server, "localhost");
    ServerDependencies dependencies{*database, database->trail, identities, audit,
                                    trustDesk, cache,           clock,      {}};
    dependencies.tls = {identities.ca().certificatePem, tls.certificatePem, tls.privateKeyPem};
    dependencies.listen = "127.0.0.1:0";
    dependencies.packageDirectory = directory;
    dependencies.cluster = {"test", "test", "0.1", {4, 64, 1}};
    dependencies.pollInterval = std::chrono::seconds(30);
    dependencies.workers = 4;
    dependencies.workQueue = options.workQueue;
    dependencies.machineStreams = options.machineStreams;
    dependencies.watchBytes = options.watchBytes;
    dependencies.masters = std::move(options.masters);
    dependencies.uploadSilence = options.uploadSilence;
    dependencies.observer = &calls;
    dependencies.counts = &calls;
    dependencies.loadInterval = std::chrono::milliseconds(50);
    server = Server::start(std::move(dependencies)).value();
}

void ServerFixture::trust(const crypto::SigningKey& publisher) {
    const crypto::PublicKey known = publisher.publicKey();
    absl::MutexLock lock(&database->mutex);
    database->state.publisherKeys.push_back(
        {known.keyId(), known.keyId(), crypto::publicKeyToPem(known).value(), {}, "root"});
}

std::string ServerFixture::address() const {
    return "127.0.0.1:" + std::to_string(server->port());
}

std::shared_ptr<grpc::Channel> ServerFixture::channelAs(crypto::Role role,
                                                        const std::string& name) const {
    ifrit::rpc::TlsIdentity tls;
    tls.caPem = identities.ca().certificatePem;
    if (!name.empty()) {
        const auto credentials = identities.issue(role, name);
        tls.certificatePem = credentials.certificatePem;
        tls.privateKeyPem = credentials.privateKeyPem;
    }
    ifrit::rpc::ChannelOptions options;
    options.program = "test";
    return ifrit::rpc::makeChannel(address(), tls, options);
}

grpc::Status ServerFixture::publish(const std::string& version, const std::string& program,
                                    v1::PublishPackageResponse& response) {
    return publish(version, program, key, std::string::npos, response);
}

grpc::Status ServerFixture::publish(const std::string& version, const std::string& program,
                                    const crypto::SigningKey& signer, std::uint64_t cutAfter,
                                    v1::PublishPackageResponse& response) {
    const auto signedManifest = tests::signedManifest("logd", version, program, signer);
    const std::string archive = tests::archiveOf(program);
    const auto channel = root();
    auto stub = v1::Packages::NewStub(channel);
    v1::GetUploadRequest ask;
    crypto::Sha256 hash;
    hash.update(archive);
    ask.set_archive_digest(hash.finish());
    v1::GetUploadResponse held;
    grpc::ClientContext askContext;
    deadline(askContext);
    const grpc::Status asked = stub->GetUpload(&askContext, ask, &held);
    if (!asked.ok()) return asked;

    grpc::ClientContext context;
    deadline(context);
    auto writer = stub->PublishPackage(&context, &response);
    v1::PublishPackageRequest message;
    message.mutable_begin()->set_manifest(signedManifest.bytes);
    message.mutable_begin()->set_signature(signedManifest.signature);
    message.mutable_begin()->set_key_id(signedManifest.keyId);
    message.mutable_begin()->set_offset(held.committed_bytes());
    message.mutable_begin()->mutable_mutation()->set_request_id(base::randomUuid());
    bool open = writer->Write(message);
    const std::size_t end = std::min<std::size_t>(archive.size(), cutAfter);
    for (std::size_t at = held.committed_bytes(); open && at < end; at += 1'000) {
        v1::PublishPackageRequest chunk;
        chunk.set_chunk(archive.substr(at, std::min<std::size_t>(1'000, end - at)));
        open = writer->Write(chunk);
    }
    writer->WritesDone();
    return writer->Finish();
}

FakeMachine::FakeMachine(ServerFixture& fixture, const std::string& id)
    : uuid(id), m_fixture(fixture), m_stream(base::randomUuid()) {}

grpc::Status FakeMachine::enrol() {
    const std::string token = base::randomUuid();
    {
        absl::MutexLock lock(&m_fixture.identities.mutex);
        m_fixture.identities.joinTokens.insert(token);
    }
    const std::string privateKey = crypto::generatePrivateKey().value();
    v1::EnrolRequest request;
    request.set_join_token(token);
    request.set_csr_pem(crypto::createCsr(privateKey, uuid).value());
    request.set_uuid(uuid);
    request.mutable_facts()->set_machine_type("LINUX");
    request.mutable_facts()->set_pin("acme");
    v1::EnrolResponse response;
    grpc::ClientContext context;
    deadline(context);
    const auto anonymous = m_fixture.channelAs(crypto::Role::Machine, "");
    const grpc::Status status =
        v1::Enrolment::NewStub(anonymous)->Enrol(&context, request, &response);
    if (!status.ok()) return status;
    ifrit::rpc::ChannelOptions options;
    options.program = "machine";
    channel = ifrit::rpc::makeChannel(
        m_fixture.address(), {response.ca_pem(), response.certificate_pem(), privateKey}, options);
    return status;
}

grpc::Status FakeMachine::sync() {
    v1::SyncRequest request;
    request.set_held_generation(m_generation);
    request.set_held_etag(m_etag);
    *request.mutable_presence() = presence;
    auto& report = *request.mutable_report();
    report.set_stream_id(m_stream);
    report.set_seq(++m_seq);
    report.set_full(true);
    if (!running.empty() || !m_bad.empty()) {
        auto& agent = *report.add_agents();
        agent.set_agent("logd");
        agent.set_running_version(running);
        agent.set_running_digest(runningDigest);
        agent.set_desired_version(desired.version());
        agent.set_desired_digest(desired.manifest_digest());
        agent.set_release_id(desired.release_id());
        agent.set_state(state);
        if (!m_bad.empty()) {
            agent.add_known_bad(m_bad);
            agent.mutable_last_error()->set_reason("PROBE_FAILED");
            agent.mutable_last_error()->set_message("no answer on port 9100");
        }
    }
    last.Clear();
    grpc::ClientContext context;
    deadline(context);
    const grpc::Status status = v1::MachineLink::NewStub(channel)->Sync(&context, request, &last);
    if (status.ok() && last.changed()) {
        m_generation = last.desired().generation();
        m_etag = last.desired().etag();
        const auto state_ = codec::fromWire(last.desired()).value();
        const auto chosen = domain::chosenEntries(state_);
        told = !chosen.empty();
        if (told) desired = codec::toWire(chosen[0]);
    }
    return status;
}

grpc::Status FakeMachine::permit(v1::PermitResponse& response) {
    v1::PermitRequest request;
    request.set_agent("logd");
    request.set_release_id(desired.release_id());
    request.set_version(desired.version());
    request.set_manifest_digest(desired.manifest_digest());
    *request.mutable_presence() = presence;
    grpc::ClientContext context;
    deadline(context);
    return v1::MachineLink::NewStub(channel)->RequestPermit(&context, request, &response);
}

void FakeMachine::poll(bool fails) {
    if (!sync().ok() || !told) return;
    const bool bad = !m_bad.empty() && m_bad == desired.manifest_digest();
    if (runningDigest == desired.manifest_digest() || bad) {
        if (state == v1::MACHINE_STATE_REVERTED && !bad) {
            state = v1::MACHINE_STATE_HEALTHY;
            (void)sync();
        }
        return;
    }
    v1::PermitResponse answer;
    if (!permit(answer).ok() || !answer.granted()) return;
    if (fails) {
        m_bad = desired.manifest_digest();
        state = v1::MACHINE_STATE_REVERTED;
    } else {
        running = desired.version();
        runningDigest = desired.manifest_digest();
        const bool gone = desired.action() != v1::DESIRED_ACTION_INSTALL;
        state = gone ? v1::MACHINE_STATE_UNMANAGED : v1::MACHINE_STATE_HEALTHY;
    }
    (void)sync();
}

}  // namespace ifrit::master::rpc

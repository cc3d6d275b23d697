// SPDX-License-Identifier: Apache-2.0
#include "tests/fault/changes.h"

#include <algorithm>
#include <map>
#include <stdexcept>

#include <ifrit/v1/fleet.grpc.pb.h>
#include <ifrit/v1/machine_link.pb.h>
#include <ifrit/v1/packages.grpc.pb.h>
#include <ifrit/v1/releases.grpc.pb.h>
#include <ifrit/v1/sessions.grpc.pb.h>

#include "master/rpc/method_table.h"
#include "shared/base/hex.h"
#include "shared/base/ids.h"
#include "shared/crypto/sha256.h"
#include "shared/package/signed_manifest.h"
#include "shared/rpc/channel.h"
#include "tests/master/rpc/contract.h"
#include "tests/support/test_manifest.h"

namespace ifrit::tests {

using google::protobuf::Message;
using master::rpc::allMethods;
using master::rpc::nameOf;
using master::rpc::requestOf;

namespace {

constexpr std::string_view kPackage = "ifrit.v1.";

v1::ReleaseSpec spec(const std::string& version) {
    v1::ReleaseSpec out;
    out.set_agent("exporter");
    out.set_action(v1::DESIRED_ACTION_INSTALL);
    out.set_version(version);
    out.add_machine_types("LINUX");
    out.mutable_gray()->add_uuids("changing");
    out.set_soak_ms(60'000);
    return out;
}

/// Makes changes, each with what it needs before it.
class Maker {
public:
    explicit Maker(InsideMaster& master)
        : m_master(master), m_admin(master.admin()), m_machine(master.enrol("changing")) {
        m_first = m_master.publish("1");
        m_second = m_master.publish("2");
    }

    Change enrol() const {
        auto request = std::make_shared<v1::EnrolRequest>();
        request->set_join_token(m_master.joinToken());
        request->set_uuid("joining");
        request->set_csr_pem(crypto::createCsr(crypto::generatePrivateKey().value(), "x").value());
        // None that the plan of the release is about.
        request->mutable_facts()->set_machine_type("ARM64");
        Change out{"", request, m_master.channel()};
        out.refill = [&master = m_master](Message& message) {
            auto& another = static_cast<v1::EnrolRequest&>(message);
            another.set_join_token(master.joinToken());
            another.set_uuid(base::randomUuid());
        };
        return out;
    }
    Change renew() const {
        auto request = std::make_shared<v1::RenewCertificateRequest>();
        request->set_csr_pem(crypto::createCsr(m_machine.privateKeyPem, "x").value());
        return {"", request, m_master.channel(m_machine)};
    }
    Change login() const {
        auto request = std::make_shared<v1::LoginRequest>();
        request->set_user("admin");
        request->set_password(m_master.adminPassword());
        return {"", request, m_master.channel()};
    }
    Change logout() const {
        const auto stub = v1::Sessions::NewStub(m_master.channel());
        v1::LoginRequest request;
        request.set_user("admin");
        request.set_password(m_master.adminPassword());
        v1::LoginResponse response;
        grpc::ClientContext context;
        if (!stub->Login(&context, request, &response).ok()) throw std::runtime_error("login");
        return {"", std::make_shared<v1::LogoutRequest>(), m_master.channel(), response.token()};
    }
    template <typename Request>
    Change turn() const {
        auto request = std::make_shared<Request>();
        fill(*request->mutable_mutation());
        return {"", request, m_admin};
    }
    Change clear() const {
        auto request = std::make_shared<v1::ClearKnownBadRequest>();
        fill(*request->mutable_mutation());
        request->add_uuids("changing");
        request->set_agent("exporter");
        return {"", request, m_admin};
    }
    Change removeMachine() const {
        // None that the plan of the release is about.
        (void)m_master.enrol("scrapped", "ARM64");
        auto request = std::make_shared<v1::RemoveMachinesRequest>();
        fill(*request->mutable_mutation());
        request->add_uuids("scrapped");
        request->set_force(true);
        Change out{"", request, m_admin};
        out.refill = [&master = m_master](Message& message) {
            const std::string another = base::randomUuid();
            (void)master.enrol(another, "ARM64");
            static_cast<v1::RemoveMachinesRequest&>(message).set_uuids(0, another);
        };
        return out;
    }
    Change tail() const {
        auto request = std::make_shared<v1::TailLogRequest>();
        fill(*request->mutable_mutation());
        request->set_uuid("changing");
        request->set_agent("exporter");
        return {"", request, m_admin};
    }
    Change publish() const {
        auto request = std::make_shared<v1::PublishPackageRequest>();
        fill(*request->mutable_begin()->mutable_mutation());
        sign("3", *request);
        v1::PublishPackageRequest rest;
        rest.set_chunk(archiveOf(kProgram));
        Change out{"", request, m_admin, {}, rest.SerializeAsString()};
        out.refill = [self = *this](Message& message) {
            self.sign(base::randomUuid(), static_cast<v1::PublishPackageRequest&>(message));
        };
        return out;
    }
    Change remove() const {
        auto request = std::make_shared<v1::DeletePackageRequest>();
        fill(*request->mutable_mutation());
        request->set_manifest_digest(base::fromHex(m_first).value());
        return {"", request, m_admin};
    }
    Change create() const {
        auto request = std::make_shared<v1::CreateReleaseRequest>();
        fill(*request->mutable_mutation());
        *request->mutable_spec() = spec("2");
        return {"", request, m_admin};
    }
    Change act() const {
        const auto stub = v1::Releases::NewStub(m_admin);
        v1::CreateReleaseRequest create;
        fill(*create.mutable_mutation());
        *create.mutable_spec() = spec("2");
        v1::Release made;
        grpc::ClientContext creating;
        if (!stub->CreateRelease(&creating, create, &made).ok()) throw std::runtime_error("create");
        v1::PlanReleaseRequest ask;
        ask.set_release_id(made.id());
        v1::ReleasePlan plan;
        grpc::ClientContext planning;
        if (!stub->PlanRelease(&planning, ask, &plan).ok()) throw std::runtime_error("plan");
        auto request = std::make_shared<v1::ActOnReleaseRequest>();
        fill(*request->mutable_mutation());
        request->set_release_id(made.id());
        request->set_verb(v1::RELEASE_VERB_START);
        request->set_plan_id(plan.plan_id());
        return {"", request, m_admin};
    }

private:
    static constexpr char kProgram[] = "what is published";

    void sign(const std::string& version, v1::PublishPackageRequest& request) const {
        const auto document = signedManifest("exporter", version, kProgram, m_master.publisher());
        request.mutable_begin()->set_manifest(document.bytes);
        request.mutable_begin()->set_signature(document.signature);
        request.mutable_begin()->set_key_id(document.keyId);
    }

    InsideMaster& m_master;
    const std::shared_ptr<grpc::Channel> m_admin;
    const crypto::Credentials m_machine;
    std::string m_first;
    std::string m_second;
};

/// Of the Mutation in the request; null: it has none.
v1::Mutation* mutationOf(Message& message) {
    for (const char* way : {"mutation", "begin"}) {
        const auto* field = message.GetDescriptor()->FindFieldByName(way);
        if (field == nullptr || field->message_type() == nullptr) continue;
        Message* inside = message.GetReflection()->MutableMessage(&message, field);
        if (field->message_type() == v1::Mutation::descriptor())
            return static_cast<v1::Mutation*>(inside);
        return mutationOf(*inside);
    }
    return nullptr;
}

Change unknown(const google::protobuf::MethodDescriptor& method, const InsideMaster& master) {
    Change out{nameOf(method), requestOf(method), master.admin()};
    out.isWhole = false;
    if (v1::Mutation* mutation = mutationOf(*out.request)) fill(*mutation);
    return out;
}

/// Reads are not audited, but for the one that shows what a machine wrote.
bool isChange(const master::rpc::MethodRule& rule) {
    return !rule.verb.empty() &&
           (rule.effect == master::rpc::Effect::Write || rule.verb == "machine.log");
}

std::map<std::string, Change> knownChanges(InsideMaster& master) {
    const Maker maker(master);
    std::map<std::string, Change> out = {
        {"Enrolment/Enrol", maker.enrol()},
        {"MachineLink/RenewCertificate", maker.renew()},
        {"Sessions/Login", maker.login()},
        {"Sessions/Logout", maker.logout()},
        {"Clusters/FreezeCluster", maker.turn<v1::FreezeClusterRequest>()},
        {"Clusters/UnfreezeCluster", maker.turn<v1::UnfreezeClusterRequest>()},
        {"Machines/ClearKnownBad", maker.clear()},
        {"Machines/RemoveMachines", maker.removeMachine()},
        {"Machines/TailLog", maker.tail()},
        {"Packages/PublishPackage", maker.publish()},
        {"Packages/DeletePackage", maker.remove()},
        {"Releases/CreateRelease", maker.create()},
        {"Releases/ActOnRelease", maker.act()}};
    for (const auto& some : {accessChanges(master), campaignChanges(master)}) {
        for (const Change& change : some)
            out[change.method] = change;
    }
    return out;
}

}  // namespace

void fill(v1::Mutation& mutation) {
    mutation.set_request_id(base::randomUuid());
    mutation.set_reason("because");
    mutation.set_via("test");
}

Change again(const Change& change) {
    Change out = change;
    out.request.reset(change.request->New());
    out.request->CopyFrom(*change.request);
    v1::Mutation* mutation = mutationOf(*out.request);
    if (mutation != nullptr) mutation->set_request_id(base::randomUuid());
    if (out.refill) out.refill(*out.request);
    return out;
}

std::vector<Change> allChanges(InsideMaster& master) {
    std::map<std::string, Change> known = knownChanges(master);
    std::vector<Change> out;
    for (const master::rpc::MethodRule& rule : master::rpc::methodTable()) {
        if (!isChange(rule)) continue;
        const auto found = known.find(std::string(rule.method.substr(kPackage.size())));
        if (found != known.end()) {
            out.push_back(found->second);
            known.erase(found);
        } else {
            const auto all = allMethods();
            const auto method = std::find_if(
                all.begin(), all.end(), [&](const auto* it) { return nameOf(*it) == rule.method; });
            if (method == all.end()) throw std::runtime_error("no descriptor");
            out.push_back(unknown(**method, master));
        }
        out.back().method = rule.method;
    }
    if (!known.empty()) throw std::runtime_error(known.begin()->first + " is no change");
    return out;
}

grpc::Status make(const Change& change, std::chrono::milliseconds timeout) {
    return master::rpc::callGeneric(change.channel, {change.method,
                                                     change.request->SerializeAsString(),
                                                     change.bearer,
                                                     nullptr,
                                                     change.rest,
                                                     {},
                                                     timeout});
}

}  // namespace ifrit::tests

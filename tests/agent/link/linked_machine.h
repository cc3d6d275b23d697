// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "agent/journal/journal.h"
#include "agent/link/sync_loop.h"
#include "shared/crypto/certificates.h"
#include "tests/agent/support/fake_master.h"
#include "tests/agent/support/manual_clock.h"
#include "tests/agent/support/uuid_with_order.h"

namespace ifrit::tests {

class KeepingHandler final : public agent::link::SyncHandler {
public:
    Held current;
    std::vector<agent::link::SyncReply> replies;
    absl::Status refuses;
    Held held() const override { return current; }
    absl::Status accept(const agent::link::SyncReply& reply) override {
        replies.push_back(reply);
        if (!refuses.ok()) return refuses;
        if (reply.changed) current = {reply.desired.generation, reply.desired.etag};
        return absl::OkStatus();
    }
};

/// A machine's link with everything around it faked but the certificates.
struct LinkedMachine {
    explicit LinkedMachine(const std::string& directory, const ManualClock& manualClock)
        : clock(manualClock),
          ca(*crypto::createCa("demo", clock.now(), std::chrono::hours(1000))),
          master(std::make_shared<FakeMaster>(directory)),
          connector(master),
          connection(connector, {{"one:1", "two:2"}, ""}, uuidWithOrder({"one:1", "two:2"})),
          store(directory + "/identity.pem"),
          enrolment(store, connector, clock,
                    {"m1",
                     "demo",
                     [this] { return absl::StatusOr<std::string>(ca.certificatePem); },
                     [this]() -> absl::StatusOr<std::string> { return token; },
                     [] { return domain::MachineFacts(); },
                     {},
                     [this](const std::string& cluster) {
                         return journal->update([&](agent::journal::JournalState& state) {
                             state.joinCluster(cluster);
                         });
                     }}),
          journal(std::move(agent::journal::Journal::open(directory + "/journal")->journal)),
          reports(*journal, clock),
          loop({connection, enrolment, reports, handler}, policy()) {
        connector.onEnrol = [this](const std::string&, const agent::link::EnrolRequest& request) {
            ++enrolments;
            return certificate(request.csrPem);
        };
        master->onRenew = [this](const std::string& csr) {
            ++renewals;
            return certificate(csr);
        };
        master->onSync =
            [this](
                const agent::link::SyncRequest& request) -> absl::StatusOr<agent::link::SyncReply> {
            requests.push_back(request);
            agent::link::SyncReply reply;
            reply.ackedSequence = request.report.sequence;
            return reply;
        };
    }

    agent::link::LinkPolicy policy() {
        agent::link::LinkTimes times;
        times.maxPoll = std::chrono::milliseconds(60'000);
        return {times, [] { return 0.5; }, [this](const absl::Status&) { return retryAfter; }};
    }
    absl::StatusOr<agent::link::IssuedCertificate> certificate(const std::string& csr) {
        crypto::CertificateRequest request;
        request.cluster = "demo";
        request.name = "m1";
        request.now = clock.now();
        request.validity = std::chrono::hours(24);
        const auto pem = crypto::issueFromCsr(ca, csr, request);
        if (!pem.ok()) return pem.status();
        return agent::link::IssuedCertificate{*pem, ca.certificatePem};
    }

    const ManualClock& clock;
    crypto::Credentials ca;
    std::shared_ptr<FakeMaster> master;
    FakeConnector connector;
    agent::link::Connection connection;
    agent::link::IdentityStore store;
    absl::StatusOr<std::string> token = std::string("token");
    agent::link::Enrolment enrolment;
    std::unique_ptr<agent::journal::Journal> journal;
    agent::link::ReportBuilder reports;
    KeepingHandler handler;
    std::chrono::milliseconds retryAfter{0};
    int enrolments = 0;
    int renewals = 0;
    std::vector<agent::link::SyncRequest> requests;
    agent::link::SyncLoop loop;
};

}  // namespace ifrit::tests

// SPDX-License-Identifier: Apache-2.0
// Lists whose items are large: a page ends before a message is too long.
#include <QTest>
#include <algorithm>
#include <functional>
#include <set>

#include "ifrit/v1/access.grpc.pb.h"
#include "ifrit/v1/audit.grpc.pb.h"
#include "ifrit/v1/fleet.grpc.pb.h"
#include "ifrit/v1/releases.grpc.pb.h"
#include "master/rpc/keyed_list.h"
#include "master/rpc/machine_codec.h"
#include "master/rpc/paging.h"
#include "master/services/fleet.h"
#include "master/storage/database.h"
#include "shared/base/ids.h"
#include "shared/base/status.h"
#include "shared/codec/limits.h"
#include "shared/domain/names.h"
#include "shared/rpc/message_limits.h"
#include "tests/master/rpc/trusted_server.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::rpc;

namespace {

/// What a list gives, page by page. `take` adds a page's items to `seen`; after the first page
/// `between` changes the list.
template <typename Request, typename Call>
std::vector<std::string> readAll(Request request, std::uint32_t pageSize, const Call& call,
                                 const std::function<void()>& between = {}) {
    std::vector<std::string> seen;
    request.set_page_size(pageSize);
    for (int page = 0; page < 20; ++page) {
        const std::string next = call(request, seen);
        if (page == 0 && between) between();
        if (next.empty()) return seen;
        request.set_page_token(next);
    }
    return {"there is no end"};
}

}  // namespace

class TestPaging : public QObject {
    Q_OBJECT

private:
    using Ids = std::vector<std::string>;

    /// One page of everybody's tokens, "user id".
    static std::string tokensOf(v1::Access::Stub& stub, const v1::ListTokensRequest& request,
                                Ids& seen) {
        grpc::ClientContext context;
        v1::ListTokensResponse response;
        const grpc::Status status = stub.ListTokens(&context, request, &response);
        if (!status.ok()) seen.push_back(status.error_message());
        for (const v1::Token& token : response.tokens())
            seen.push_back(token.user() + ' ' + token.id());
        return response.next_page_token();
    }
    /// One page of the grants, "to verb".
    static std::string grantsOf(v1::Access::Stub& stub, const v1::ListGrantsRequest& request,
                                Ids& seen) {
        grpc::ClientContext context;
        v1::ListGrantsResponse response;
        const grpc::Status status = stub.ListGrants(&context, request, &response);
        if (!status.ok()) seen.push_back(status.error_message());
        for (const v1::Grant& grant : response.grants())
            seen.push_back(grant.to() + ' ' + grant.verb());
        return response.next_page_token();
    }
    static domain::Grant grantTo(const std::string& name, const std::string& verb) {
        return {{}, name, verb, "*", "*", "*", std::nullopt};
    }

private Q_SLOTS:
    void aPageEndsByItemsOrBytes() {
        v1::AuditRow small;
        small.set_actor("anna");
        PageRoom few(2);
        QVERIFY(few.take(small) && few.take(small) && !few.take(small));
        v1::AuditRow large;
        large.set_error(std::string(ifrit::rpc::kMaxMessageBytes / 5, 'x'));
        PageRoom many(500);
        QVERIFY(many.take(large) && many.take(large) && !many.take(large));
        // One that is larger than all the room is not left out for ever.
        v1::AuditRow huge;
        huge.set_error(std::string(ifrit::rpc::kMaxMessageBytes - 1'000, 'x'));
        PageRoom alone(500);
        QVERIFY(alone.take(huge) && !alone.take(small));
    }

    /// Else it would be the first of its page for ever, and the list fail for everyone.
    void noMachineIsLargerThanAPage() {
        const auto text = [](std::size_t bytes) { return std::string(bytes, 'x'); };
        storage::StoredMachine machine;
        machine.facts.uuid = text(domain::kMaxUuidBytes);
        for (std::string* fact :
             {&machine.facts.machineType, &machine.facts.pin, &machine.facts.address,
              &machine.facts.hostname, &machine.facts.kernel, &machine.facts.libc,
              &machine.facts.architecture, &machine.facts.ifritVersion})
            *fact = text(codec::kMaxShortTextBytes);
        for (std::size_t i = 0; i < domain::kMaxLabels; ++i)
            machine.facts.labels[std::to_string(i) + text(domain::kMaxLabelKeyBytes)] =
                text(domain::kMaxLabelValueBytes);
        domain::AgentReport agent;
        agent.runningVersion = agent.desiredVersion = text(domain::kMaxVersionBytes);
        agent.runningDigest = agent.desiredDigest = std::string(64, 'a');
        agent.releaseId = agent.integrityNote = text(codec::kMaxShortTextBytes);
        agent.step = text(codec::kMaxStepBytes);
        agent.lastError =
            domain::AgentError{text(domain::kMaxNameBytes), text(codec::kMaxMessageBytes),
                               text(codec::kMaxStepBytes), 1, base::fromUnixMillis(1)};
        agent.knownBad.assign(codec::kMaxKnownBad, std::string(64, 'b'));
        // As deltas of an earlier master may have added up to.
        for (int i = 10'000; i < 14'480; ++i) {
            agent.agent = std::to_string(i) + text(domain::kMaxNameBytes - 5);
            machine.agents.push_back(agent);
        }
        services::Fleet fleet(std::make_shared<domain::HashRing>(domain::RingSpec{4, 16, 1}));
        fleet.load({machine}, {}, {std::chrono::seconds(90)});
        const v1::Machine row = toWire(*fleet.find(machine.facts.uuid));
        QVERIFY2(row.ByteSizeLong() < PageRoom::kMostBytes,
                 std::to_string(row.ByteSizeLong()).c_str());
    }

    void aTokenOfAnotherListIsRefused() {
        KeyedList<v1::AuditRow> list(2);
        list.add(listKey({"ann", "2"}), v1::AuditRow());
        google::protobuf::RepeatedPtrField<v1::AuditRow> page;
        for (const std::string& token : {std::string("500"), listKey({"ann", "1", "x"})}) {
            const absl::Status refused = list.takePage(token, 0, page).status();
            QVERIFY(absl::IsInvalidArgument(refused));
            QCOMPARE(base::errorInfo(refused).reason, std::string("PAGE_TOKEN"));
        }
        QVERIFY(page.empty());
        QCOMPARE(list.takePage(listKey({"ann", "1"}), 0, page).value(), std::string());
        QCOMPARE(page.size(), 1);
    }

    /// A dozen drafts with the longest gray lists are more than a message.
    void releasesWithLongGrayListsAreAllListed() {
        constexpr std::uint64_t kReleases = 14;
        constexpr int kGray = 10'000;
        TrustedServer server;
        const absl::Status stored =
            server.database->transact([&](storage::Transaction& in) -> absl::Status {
                for (std::uint64_t number = 1; number <= kReleases; ++number) {
                    release::Model model;
                    model.release.id = base::randomUuid();
                    model.release.number = number;
                    model.release.created = server.clock.now();
                    model.release.createdBy = "root";
                    auto& spec = model.release.spec;
                    spec.agent = "logd";
                    spec.version = "1";
                    spec.machineTypes = {"LINUX"};
                    for (int i = 0; i < kGray; ++i)
                        spec.gray.uuids.push_back("00000000-0000-4000-8000-" +
                                                  std::to_string(100'000'000'000 + i));
                    IFRIT_RETURN_IF_ERROR(in.releases().put(model));
                }
                return absl::OkStatus();
            });
        QVERIFY2(stored.ok(), stored.ToString().c_str());
        server.restart();
        const auto stub = v1::Releases::NewStub(server.root());
        std::set<std::uint64_t> seen;
        int pages = 0;
        v1::ListReleasesRequest request;
        do {
            grpc::ClientContext context;
            v1::ListReleasesResponse response;
            const grpc::Status status = stub->ListReleases(&context, request, &response);
            QVERIFY2(status.ok(), status.error_message().c_str());
            for (const v1::Release& release : response.releases()) {
                QCOMPARE(release.spec().gray().uuids_size(), kGray);
                QVERIFY(seen.insert(release.number()).second);
            }
            request.set_page_token(response.next_page_token());
            ++pages;
        } while (!request.page_token().empty() && pages < 20);
        QCOMPARE(seen.size(), std::size_t{kReleases});
        QVERIFY(pages > 1);
    }

    /// Of what machines and people write as much as they may.
    void eventsAndTimelinesOfManyWordsComeInPagesThatFit() {
        constexpr int kMany = 1'200;
        const std::string words(codec::kMaxMessageBytes, 'w');
        release::Model model;
        model.release.id = base::randomUuid();
        model.release.number = 1;
        model.release.spec.agent = "logd";
        TrustedServer server;
        const absl::Status stored =
            server.database->transact([&](storage::Transaction& in) -> absl::Status {
                domain::MachineFacts facts;
                facts.uuid = "m-1";
                facts.machineType = "LINUX";
                IFRIT_RETURN_IF_ERROR(in.machines().enrol(facts, server.clock.now()));
                storage::MachineReport report;
                report.uuid = "m-1";
                report.streamId = "s";
                report.seq = 1;
                report.receivedAt = server.clock.now();
                report.events.resize(kMany, {"failed", "logd", "1", words, server.clock.now()});
                IFRIT_RETURN_IF_ERROR(in.machines().putReport(report));
                IFRIT_RETURN_IF_ERROR(in.releases().put(model));
                return in.releases().appendTimeline(
                    model.release.id, std::vector<release::TimelineNote>(
                                          kMany, {server.clock.now(), "noted", "root", words}));
            });
        QVERIFY2(stored.ok(), stored.ToString().c_str());
        server.restart();
        const auto machines = v1::Machines::NewStub(server.root());
        v1::ListMachineEventsRequest ofMachine;
        ofMachine.set_uuid("m-1");
        const auto eventsOf = [&](const v1::ListMachineEventsRequest& request, Ids& seen) {
            grpc::ClientContext context;
            v1::ListMachineEventsResponse response;
            const grpc::Status status = machines->ListMachineEvents(&context, request, &response);
            if (!status.ok()) seen.push_back(status.error_message());
            for (const v1::MachineEvent& event : response.events())
                seen.push_back(event.kind());
            return response.next_page_token();
        };
        QCOMPARE(readAll(ofMachine, 5'000, eventsOf), Ids(kMany, "failed"));
        QCOMPARE(readAll(ofMachine, 100, eventsOf), Ids(kMany, "failed"));
        const auto releases = v1::Releases::NewStub(server.root());
        v1::ListReleaseTimelineRequest ofRelease;
        ofRelease.set_release_id(model.release.id);
        const auto notesOf = [&](const v1::ListReleaseTimelineRequest& request, Ids& seen) {
            grpc::ClientContext context;
            v1::ListReleaseTimelineResponse response;
            const grpc::Status status = releases->ListReleaseTimeline(&context, request, &response);
            if (!status.ok()) seen.push_back(status.error_message());
            for (const v1::TimelineEntry& entry : response.entries())
                if (entry.what() == "noted") seen.push_back(entry.what());
            return response.next_page_token();
        };
        QCOMPARE(readAll(ofRelease, 5'000, notesOf), Ids(kMany, "noted"));
        QCOMPARE(readAll(ofRelease, 100, notesOf), Ids(kMany, "noted"));
    }

    void usersComeInPages() {
        TrustedServer server;
        server.addOperator("ann", storage::OperatorRole::Reader);
        server.addOperator("ann-2", storage::OperatorRole::Reader);
        const auto stub = v1::Access::NewStub(server.root());
        std::vector<std::string> seen;
        v1::ListUsersRequest request;
        request.set_page_size(1);
        do {
            grpc::ClientContext context;
            v1::ListUsersResponse response;
            const grpc::Status status = stub->ListUsers(&context, request, &response);
            QVERIFY2(status.ok(), status.error_message().c_str());
            QCOMPARE(response.users_size(), 1);
            seen.push_back(response.users(0).name());
            request.set_page_token(response.next_page_token());
        } while (!request.page_token().empty() && seen.size() < 20);
        QCOMPARE(seen, (std::vector<std::string>{"ann", "ann-2", "eve", "root"}));
    }

    /// At each size of a page, the last of which may be just full.
    void tokensComeInPagesWhateverChangesBetween() {
        using std::chrono::hours;
        TrustedServer server;
        server.addOperator("adam", storage::OperatorRole::Reader);
        std::string shown;
        for (const char* name : {"eve", "eve", "root", "root", "eve"})
            shown = server.token(name, hours(1));
        server.token("eve", hours(-1));  // is over, and in no list
        const auto stub = v1::Access::NewStub(server.root());
        v1::ListTokensRequest everybody;
        everybody.set_user("*");
        const auto page = [&stub](const v1::ListTokensRequest& request, Ids& seen) {
            return tokensOf(*stub, request, seen);
        };
        const Ids all = readAll(everybody, 100, page);
        QCOMPARE(all.size(), std::size_t(5));
        QVERIFY(std::is_sorted(all.begin(), all.end(), [](const auto& a, const auto& b) {
            return a.substr(0, a.find(' ')) < b.substr(0, b.find(' '));
        }));
        for (const std::uint32_t size : {1U, 2U, 4U, 5U})
            QCOMPARE(readAll(everybody, size, page), all);
        v1::ListTokensRequest eves;
        eves.set_user("eve");
        QCOMPARE(readAll(eves, 3, page), Ids(all.begin(), all.begin() + 3));
        // One comes before the page that was shown, the last that was shown goes, and so does one
        // that is still to come.
        const Ids rest = readAll(everybody, 2, page, [&] {
            server.token("adam", hours(1));
            const absl::Status gone =
                server.database->transact([&](storage::Transaction& in) -> absl::Status {
                    IFRIT_ASSIGN_OR_RETURN(const auto open, in.operators().listSessions());
                    for (const auto& session : open) {
                        if (session.operatorName == "root")
                            return in.operators().eraseSession(session.tokenHash);
                    }
                    return absl::NotFoundError("no session of root");
                });
            QVERIFY(gone.ok());
        });
        QCOMPARE(rest.size(), std::size_t(4));
        QCOMPARE(Ids(rest.begin(), rest.begin() + 3), Ids(all.begin(), all.begin() + 3));
        QVERIFY(rest.back() == all[3] || rest.back() == all[4]);
    }

    void grantsComeInPagesWhateverChangesBetween() {
        TrustedServer server;
        server.addOperator("adam", storage::OperatorRole::Reader);
        for (const char* verb : {"release.start", "release.pause", "cluster.freeze"})
            server.grant(grantTo("eve", verb));
        // Of the file: after those that were given to the same, in the file's order.
        server.grants.configure({grantTo("eve", "release.abort"), grantTo("eve", "release.*")});
        const auto stub = v1::Access::NewStub(server.root());
        const auto page = [&stub](const v1::ListGrantsRequest& request, Ids& seen) {
            return grantsOf(*stub, request, seen);
        };
        const Ids all = readAll(v1::ListGrantsRequest(), 100, page);
        QCOMPARE(all.size(), std::size_t(5));
        QCOMPARE(Ids(all.begin() + 3, all.end()), (Ids{"eve release.abort", "eve release.*"}));
        for (const std::uint32_t size : {1U, 2U, 4U, 5U})
            QCOMPARE(readAll(v1::ListGrantsRequest(), size, page), all);
        v1::ListGrantsRequest adams;
        adams.set_to("adam");
        QCOMPARE(readAll(adams, 1, page), Ids());
        const Ids rest = readAll(v1::ListGrantsRequest(), 2, page,
                                 [&] { server.grant(grantTo("adam", "release.start")); });
        QCOMPARE(rest, all);
        QCOMPARE(readAll(v1::ListGrantsRequest(), 1, page).front(),
                 std::string("adam release.start"));
    }

    void aPageTokenOfNoSuchListIsRefused() {
        TrustedServer server;
        const auto stub = v1::Access::NewStub(server.root());
        for (const std::string& token : {std::string("2"), listKey({"eve", "given"})}) {
            grpc::ClientContext first;
            v1::ListTokensRequest tokens;
            tokens.set_page_token(token);
            v1::ListTokensResponse noTokens;
            QCOMPARE(stub->ListTokens(&first, tokens, &noTokens).error_code(),
                     grpc::StatusCode::INVALID_ARGUMENT);
            grpc::ClientContext second;
            v1::ListGrantsRequest grants;
            grants.set_page_token(token);
            v1::ListGrantsResponse noGrants;
            QCOMPARE(stub->ListGrants(&second, grants, &noGrants).error_code(),
                     grpc::StatusCode::INVALID_ARGUMENT);
        }
    }

    /// One that is added in front of the page that was shown hides and repeats none.
    void certificatesComeInPagesNewestFirst() {
        TrustedServer server;
        const auto stub = v1::Access::NewStub(server.root());
        for (const char* name : {"eve", "eve", "root"})
            server.credentials(crypto::Role::Operator, name);
        std::vector<std::string> names;
        std::set<std::string> serials;
        v1::ListCertificatesRequest request;
        request.set_user("*");
        request.set_page_size(1);
        do {
            grpc::ClientContext context;
            v1::ListCertificatesResponse response;
            const grpc::Status status = stub->ListCertificates(&context, request, &response);
            QVERIFY2(status.ok(), status.error_message().c_str());
            QCOMPARE(response.certificates_size(), 1);
            names.push_back(response.certificates(0).name());
            QVERIFY(serials.insert(response.certificates(0).serial()).second);
            request.set_page_token(response.next_page_token());
            if (names.size() == 2) server.credentials(crypto::Role::Operator, "adam");
        } while (!request.page_token().empty() && names.size() < 20);
        QCOMPARE(names, (std::vector<std::string>{"eve", "eve", "root", "root"}));
    }
};

QTEST_GUILESS_MAIN(TestPaging)
#include "tst_paging.moc"

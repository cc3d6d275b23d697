// SPDX-License-Identifier: Apache-2.0
// Lists whose items are large: a page ends before a message is too long.
#include <QTest>
#include <set>

#include "ifrit/v1/access.grpc.pb.h"
#include "ifrit/v1/audit.grpc.pb.h"
#include "ifrit/v1/releases.grpc.pb.h"
#include "master/rpc/keyed_list.h"
#include "master/rpc/paging.h"
#include "master/storage/database.h"
#include "shared/base/ids.h"
#include "shared/base/status.h"
#include "shared/rpc/message_limits.h"
#include "tests/master/rpc/trusted_server.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::rpc;

class TestPaging : public QObject {
    Q_OBJECT

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

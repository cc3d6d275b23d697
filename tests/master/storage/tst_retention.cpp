// SPDX-License-Identifier: Apache-2.0
#include "master/storage/retention.h"

#include <QTemporaryDir>

#include "master/storage/sql/sql_database.h"
#include "tests/master/storage/contract_data.h"

using namespace ifrit;
using namespace ifrit::master::storage;
using std::chrono::hours;

namespace {

constexpr base::WallTime kNow = base::WallTime(std::chrono::milliseconds(1'764'000'000'000));

domain::MachineEvent eventAt(base::WallTime when) {
    domain::MachineEvent out;
    out.kind = "restarted";
    out.at = when;
    return out;
}

JoinTokenRecord tokenThatEnds(const std::string& hash, base::WallTime when) {
    JoinTokenRecord out;
    out.tokenHash = hash;
    out.expires = when;
    return out;
}

/// Of each kind one that is a moment too old, one that is just not, and one of now.
absl::Status fill(Transaction& t, const RetentionPolicy& policy) {
    const std::chrono::milliseconds moment(1);
    IFRIT_RETURN_IF_ERROR(t.machines().enrol(factsOf("m-1"), kNow));
    MachineReport report;
    report.uuid = "m-1";
    report.events = {eventAt(kNow - policy.machineEvents - moment),
                     eventAt(kNow - policy.machineEvents), eventAt(kNow)};
    IFRIT_RETURN_IF_ERROR(t.machines().putReport(report));
    RequestStore& requests = t.requests();
    IFRIT_RETURN_IF_ERROR(requests.put("ada", "old", {}, kNow - policy.requests - moment));
    IFRIT_RETURN_IF_ERROR(requests.put("ada", "kept", {}, kNow - policy.requests));
    IFRIT_RETURN_IF_ERROR(requests.put("ada", "new", {}, kNow));
    TokenStore& tokens = t.tokens();
    IFRIT_RETURN_IF_ERROR(tokens.add(tokenThatEnds("old", kNow - policy.joinTokens - moment)));
    IFRIT_RETURN_IF_ERROR(tokens.add(tokenThatEnds("kept", kNow - policy.joinTokens)));
    return tokens.add(tokenThatEnds("new", kNow + hours(1)));
}

}  // namespace

class TestRetention : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void forgetsTheOldAndNothingElse() {
        const QTemporaryDir directory;
        const base::SystemClock clock;
        sql::SqlDatabase::Options options;
        options.file = directory.filePath(QStringLiteral("f.db")).toStdString();
        options.schema = sql::SqlDatabase::Schema::Migrate;
        const auto database = sql::SqlDatabase::open(options, clock);
        VERIFY_OK(database.status());
        const RetentionPolicy policy;
        VERIFY_OK((*database)->transact([&](Transaction& t) { return fill(t, policy); }));

        const auto forgotten = forgetOld(**database, kNow, policy);
        VERIFY_OK(forgotten.status());
        QVERIFY((*forgotten == Forgotten{1, 1, 1}));
        std::vector<bool> kept;
        VERIFY_OK((*database)->read([&](Transaction& view) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(const auto events, view.machines().listEvents("m-1", 0, 9));
            kept.push_back(events.size() == 2);
            for (const char* name : {"old", "kept", "new"}) {
                IFRIT_ASSIGN_OR_RETURN(const auto request, view.requests().find("ada", name));
                IFRIT_ASSIGN_OR_RETURN(const auto token, view.tokens().find(name));
                kept.push_back(request.has_value());
                kept.push_back(token.has_value());
            }
            return absl::OkStatus();
        }));
        QCOMPARE(kept, (std::vector<bool>{true, false, false, true, true, true, true}));
        const auto again = forgetOld(**database, kNow, policy);
        VERIFY_OK(again.status());
        QVERIFY(*again == Forgotten{});
    }
};

QTEST_GUILESS_MAIN(TestRetention)
#include "tst_retention.moc"

// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>
#include <thread>
#include <vector>

#include "tests/master/storage/contract_data.h"
#include "tests/master/storage/storage_contract.h"

namespace ifrit::master::storage {
namespace {

absl::Status expect(bool truth, const char* what) {
    return truth ? absl::OkStatus() : absl::InternalError(what);
}

std::string hashByte(char byte) {
    return std::string(32, byte);
}

AuditRow auditRow(std::uint64_t id, const std::string& actor, const std::string& verb) {
    AuditRow row;
    row.id = id;
    row.cluster = "demo";
    row.entry = {at(static_cast<std::int64_t>(id)),
                 actor,
                 "ctl",
                 "127.0.0.1:1",
                 verb,
                 "object",
                 "allowed",
                 "why\n\"",
                 "{\"a\":1}",
                 "{\"a\":2}",
                 "request",
                 "error"};
    row.previousHash = hashByte(static_cast<char>(id - 1));
    row.hash = hashByte(static_cast<char>(id));
    return row;
}

}  // namespace

void checkOperatorsAndSessions(const OpenDatabase& open) {
    const auto database = open();
    OperatorRecord alice{"alice", "$scrypt$x", OperatorRole::SuperAdmin, false, at(1), at(1)};
    const OperatorRecord bob{"bob", "", OperatorRole::Reader, true, at(2), at(2)};
    const auto add = [&](const OperatorRecord& person) {
        return database->transact([&](Transaction& t) { return t.operators().add(person); });
    };
    VERIFY_OK(add(bob));
    VERIFY_OK(add(alice));
    VERIFY_REASON(add(alice), "OPERATOR_EXISTS");
    alice.passwordHash = "$scrypt$y";
    alice.changed = at(3);
    VERIFY_OK(database->transact([&](Transaction& t) { return t.operators().update(alice); }));
    VERIFY_REASON(database->transact([](Transaction& t) {
        return t.operators().update({"carol", "", OperatorRole::Reader, false, at(1), at(1)});
    }),
                  "OPERATOR_UNKNOWN");
    VERIFY_OK(database->read([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto found, t.operators().find("alice"));
        IFRIT_RETURN_IF_ERROR(expect(found == alice, "alice"));
        IFRIT_ASSIGN_OR_RETURN(const auto nobody, t.operators().find("Alice"));
        IFRIT_RETURN_IF_ERROR(expect(!nobody, "case matters"));
        IFRIT_ASSIGN_OR_RETURN(const auto all, t.operators().list());
        return expect(all == (std::vector<OperatorRecord>{alice, bob}), "all by name");
    }));

    const SessionRecord session{"hash-1", "alice", at(10), at(20)};
    VERIFY_OK(database->transact([&](Transaction& t) -> absl::Status {
        IFRIT_RETURN_IF_ERROR(t.operators().putSession(session));
        IFRIT_RETURN_IF_ERROR(t.operators().putSession({"hash-2", "alice", at(10), at(30)}));
        return t.operators().putSession({"hash-3", "bob", at(10), at(30)});
    }));
    VERIFY_OK(database->transact([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto found, t.operators().findSession("hash-1"));
        IFRIT_RETURN_IF_ERROR(expect(found == session, "session as stored"));
        IFRIT_RETURN_IF_ERROR(t.operators().eraseSessionsExpiredBy(at(20)));
        IFRIT_ASSIGN_OR_RETURN(const auto expired, t.operators().findSession("hash-1"));
        IFRIT_ASSIGN_OR_RETURN(const auto good, t.operators().findSession("hash-2"));
        IFRIT_RETURN_IF_ERROR(expect(!expired && good, "only the expired one"));
        IFRIT_RETURN_IF_ERROR(t.operators().eraseSessionsOf("alice"));
        IFRIT_ASSIGN_OR_RETURN(const auto gone, t.operators().findSession("hash-2"));
        IFRIT_ASSIGN_OR_RETURN(const auto others, t.operators().findSession("hash-3"));
        IFRIT_RETURN_IF_ERROR(expect(!gone && others, "only alice's"));
        IFRIT_RETURN_IF_ERROR(t.operators().eraseSession("hash-3"));
        return t.operators().eraseSession("hash-3");
    }));
}

void checkTheAuditHeadOrdersDecisions(const OpenDatabase& open) {
    // Two masters: whoever holds the head sees what everybody who held it before has decided.
    constexpr int kPeople = 8;
    const std::array<std::unique_ptr<Database>, 2> masters = {open(), open()};
    for (int i = 0; i < kPeople; ++i) {
        const OperatorRecord person{
            "p" + std::to_string(i), "", OperatorRole::SuperAdmin, false, at(1), at(1)};
        VERIFY_OK(masters[0]->transact([&](Transaction& t) { return t.operators().add(person); }));
    }
    std::vector<absl::Status> ends(kPeople);
    std::vector<std::thread> threads;
    for (int i = 0; i < kPeople; ++i) {
        threads.emplace_back([&, i] {
            ends[i] = masters[i % 2]->transact([i](Transaction& t) -> absl::Status {
                IFRIT_RETURN_IF_ERROR(t.audit().head().status());
                IFRIT_ASSIGN_OR_RETURN(const auto people, t.operators().list());
                const auto supers = std::count_if(
                    people.begin(), people.end(),
                    [](const auto& one) { return one.role == OperatorRole::SuperAdmin; });
                if (supers == 1) return absl::FailedPreconditionError("the last");
                return t.operators().update(
                    {"p" + std::to_string(i), "", OperatorRole::Reader, false, at(1), at(2)});
            });
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    const auto refused = std::count_if(ends.begin(), ends.end(), [](const absl::Status& end) {
        return absl::IsFailedPrecondition(end);
    });
    const auto done =
        std::count_if(ends.begin(), ends.end(), [](const absl::Status& end) { return end.ok(); });
    QCOMPARE(refused, 1);
    QCOMPARE(done, kPeople - 1);
}

void checkJoinTokens(const OpenDatabase& open) {
    const auto database = open();
    const JoinTokenRecord token{"hash", "m-1", "alice", at(1), at(100), std::nullopt, "", "", ""};
    const TokenStore::Use first{"m-1", "key-1", "certificate-1"};
    const TokenStore::Use second{"m-2", "key-2", "certificate-2"};
    const auto add = [&] {
        return database->transact([&](Transaction& t) { return t.tokens().add(token); });
    };
    VERIFY_OK(add());
    VERIFY_REASON(add(), "TOKEN_EXISTS");
    VERIFY_OK(database->transact([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto found, t.tokens().find("hash"));
        IFRIT_RETURN_IF_ERROR(expect(found == token, "as stored"));
        IFRIT_ASSIGN_OR_RETURN(const bool unknown, t.tokens().consume("other", first, at(2)));
        IFRIT_ASSIGN_OR_RETURN(const bool late, t.tokens().consume("hash", first, at(100)));
        IFRIT_RETURN_IF_ERROR(expect(!unknown && !late, "unknown or expired"));
        IFRIT_ASSIGN_OR_RETURN(const bool mine, t.tokens().consume("hash", first, at(99)));
        IFRIT_ASSIGN_OR_RETURN(const bool again, t.tokens().consume("hash", second, at(99)));
        IFRIT_RETURN_IF_ERROR(expect(mine && !again, "exactly once"));
        IFRIT_ASSIGN_OR_RETURN(const auto used, t.tokens().find("hash"));
        IFRIT_RETURN_IF_ERROR(expect(used->used == at(99) && used->usedBy == "m-1", "by whom"));
        IFRIT_RETURN_IF_ERROR(expect(
            used->usedKey == "key-1" && used->certificatePem == "certificate-1", "for what"));
        IFRIT_ASSIGN_OR_RETURN(const auto kept, t.tokens().prune(at(100)));
        IFRIT_ASSIGN_OR_RETURN(const auto pruned, t.tokens().prune(at(101)));
        return expect(kept == 0 && pruned == 1, "pruned once it is old");
    }));
}

void checkCertificates(const OpenDatabase& open) {
    const auto database = open();
    const CertificateRecord old{"01", "machine", "m-1", at(1), at(50), std::nullopt, ""};
    const CertificateRecord now{"02", "machine", "m-1", at(2), at(100), std::nullopt, ""};
    const CertificateRecord person{"03", "operator", "m-1", at(1), at(100), std::nullopt, ""};
    VERIFY_OK(database->transact([&](Transaction& t) -> absl::Status {
        for (const CertificateRecord& one : {old, now, person})
            IFRIT_RETURN_IF_ERROR(t.certificates().add(one));
        IFRIT_ASSIGN_OR_RETURN(const auto found, t.certificates().find("02"));
        IFRIT_RETURN_IF_ERROR(expect(found == now, "as stored"));
        IFRIT_ASSIGN_OR_RETURN(const auto of, t.certificates().listOf("machine", "m-1"));
        IFRIT_RETURN_IF_ERROR(expect(of == (std::vector<CertificateRecord>{now, old}), "newest"));
        IFRIT_ASSIGN_OR_RETURN(const auto revoked,
                               t.certificates().revokeAllOf("machine", "m-1", at(10), "stolen"));
        IFRIT_ASSIGN_OR_RETURN(const auto again,
                               t.certificates().revokeAllOf("machine", "m-1", at(11), "twice"));
        IFRIT_RETURN_IF_ERROR(expect(revoked == 2 && again == 0, "both, once"));
        IFRIT_ASSIGN_OR_RETURN(const auto stolen, t.certificates().find("02"));
        IFRIT_RETURN_IF_ERROR(
            expect(stolen->revoked == at(10) && stolen->revokeReason == "stolen", "why"));
        // What has ended needs no list any more.
        IFRIT_ASSIGN_OR_RETURN(const auto serials, t.certificates().revokedSerials(at(60)));
        return expect(serials == std::vector<std::string>{"02"}, "serials");
    }));
    VERIFY_REASON(database->transact([&](Transaction& t) { return t.certificates().add(person); }),
                  "CERTIFICATE_EXISTS");
}

void checkSettingsAreWrittenOnce(const OpenDatabase& open) {
    const auto database = open();
    VERIFY_REASON(database->read([](Transaction& t) { return t.settings().get().status(); }),
                  "CLUSTER_MISSING");
    const ClusterSettings settings{"demo", "test", {20, 8'192, 18'000'000'000'000'000'001U}, at(1)};
    const auto create = [&] {
        return database->transact([&](Transaction& t) { return t.settings().create(settings); });
    };
    VERIFY_OK(create());
    VERIFY_REASON(create(), "CLUSTER_EXISTS");
    VERIFY_OK(open()->read([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto back, t.settings().get());
        return expect(back == settings, "as stored");
    }));
}

void checkAuditRowsAndHead(const OpenDatabase& open) {
    const auto database = open();
    VERIFY_OK(database->transact([](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto head, t.audit().head());
        IFRIT_RETURN_IF_ERROR(expect(head.id == 0 && head.hash == hashByte(0), "empty"));
        for (std::uint64_t id = 1; id <= 5; ++id) {
            const bool odd = id % 2 == 1;
            IFRIT_RETURN_IF_ERROR(
                t.audit().append(auditRow(id, odd ? "alice" : "bob", odd ? "login" : "start")));
        }
        return absl::OkStatus();
    }));
    VERIFY_OK(open()->read([](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto head, t.audit().head());
        IFRIT_RETURN_IF_ERROR(expect(head == AuditHead{5, hashByte(5)}, "head"));
        IFRIT_ASSIGN_OR_RETURN(const auto rows, t.audit().read(2, 2));
        IFRIT_RETURN_IF_ERROR(expect(rows == (std::vector<AuditRow>{auditRow(3, "alice", "login"),
                                                                    auditRow(4, "bob", "start")}),
                                     "read"));
        AuditFilter filter;
        filter.actor = "alice";
        IFRIT_ASSIGN_OR_RETURN(auto found, t.audit().list(filter, 5, 10));
        IFRIT_RETURN_IF_ERROR(expect(found.size() == 2 && found[0].id == 3, "newest first"));
        filter = {};
        filter.verb = "start";
        filter.object = "object";
        filter.result = "allowed";
        filter.since = at(4);
        filter.until = at(5);
        IFRIT_ASSIGN_OR_RETURN(found, t.audit().list(filter, 0, 10));
        return expect(found.size() == 1 && found[0].id == 4, "filters");
    }));
    // A row that follows another one than the head is refused, and nothing of it stays.
    AuditRow stray = auditRow(6, "eve", "login");
    stray.previousHash = hashByte(1);
    VERIFY_REASON(database->transact([&](Transaction& t) { return t.audit().append(stray); }),
                  "AUDIT_HEAD_MOVED");
    VERIFY_OK(database->read([](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto rows, t.audit().read(5, 2));
        return expect(rows.empty(), "nothing stayed");
    }));
}

void checkRequestIds(const OpenDatabase& open) {
    const auto database = open();
    const RequestRecord record{"release.create", "r-1"};
    const auto put = [&](const std::string& actor) {
        return database->transact(
            [&](Transaction& t) { return t.requests().put(actor, "id", record, at(10)); });
    };
    VERIFY_OK(put("alice"));
    VERIFY_REASON(put("alice"), "REQUEST_REPEATED");
    VERIFY_OK(put("bob"));
    VERIFY_OK(database->transact([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto found, t.requests().find("alice", "id"));
        IFRIT_RETURN_IF_ERROR(expect(found == record, "as stored"));
        IFRIT_ASSIGN_OR_RETURN(const auto none, t.requests().find("alice", "other"));
        IFRIT_RETURN_IF_ERROR(expect(!none, "unknown id"));
        IFRIT_ASSIGN_OR_RETURN(const auto kept, t.requests().prune(at(10)));
        IFRIT_ASSIGN_OR_RETURN(const auto pruned, t.requests().prune(at(11)));
        return expect(kept == 0 && pruned == 2, "pruned once they are old");
    }));
}

}  // namespace ifrit::master::storage

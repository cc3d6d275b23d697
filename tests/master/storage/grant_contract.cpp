// SPDX-License-Identifier: Apache-2.0
#include "tests/master/storage/contract_data.h"
#include "tests/master/storage/storage_contract.h"

namespace ifrit::master::storage {
namespace {

GrantRecord record(const std::string& id, const std::string& to, std::int64_t given,
                   std::optional<base::WallTime> expires = std::nullopt) {
    return {{id, to, "release.*", "logd", "*", "LINUX", expires}, "root", at(given), "why\n\""};
}

absl::Status expect(bool truth, const char* what) {
    return truth ? absl::OkStatus() : absl::InternalError(what);
}

}  // namespace

void checkGrants(const OpenDatabase& open) {
    const auto database = open();
    const GrantRecord first = record("g-1", "li", 1);
    const GrantRecord second = record("g-2", "li", 2, at(50));
    const GrantRecord others = record("g-3", "anna", 3, at(60));
    VERIFY_OK(database->transact([&](Transaction& t) -> absl::Status {
        for (const GrantRecord& one : {second, first, others})
            IFRIT_RETURN_IF_ERROR(t.grants().add(one));
        return absl::OkStatus();
    }));
    VERIFY_REASON(database->transact([&](Transaction& t) { return t.grants().add(first); }),
                  "GRANT_EXISTS");
    VERIFY_OK(database->read([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto all, t.grants().list());
        IFRIT_RETURN_IF_ERROR(
            expect(all == (std::vector<GrantRecord>{others, first, second}), "in order"));
        IFRIT_ASSIGN_OR_RETURN(const auto li, t.grants().listOf("li"));
        IFRIT_RETURN_IF_ERROR(expect(li == (std::vector<GrantRecord>{first, second}), "li's"));
        IFRIT_ASSIGN_OR_RETURN(const auto nobody, t.grants().listOf("LI"));
        IFRIT_RETURN_IF_ERROR(expect(nobody.empty(), "case matters"));
        IFRIT_ASSIGN_OR_RETURN(const auto found, t.grants().find("g-2"));
        return expect(found == second, "as stored");
    }));
    VERIFY_OK(database->transact([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto pruned, t.grants().prune(at(51)));
        IFRIT_RETURN_IF_ERROR(expect(pruned == 1, "what expired before"));
        IFRIT_RETURN_IF_ERROR(t.grants().erase("g-3"));
        IFRIT_ASSIGN_OR_RETURN(const auto erased, t.grants().eraseOf("li"));
        IFRIT_ASSIGN_OR_RETURN(const auto left, t.grants().list());
        return expect(erased == 1 && left.empty(), "none is left");
    }));
    VERIFY_REASON(database->transact([&](Transaction& t) { return t.grants().erase("g-1"); }),
                  "GRANT_UNKNOWN");
}

void checkSessionsAreListed(const OpenDatabase& open) {
    const auto database = open();
    VERIFY_OK(database->transact([](Transaction& t) -> absl::Status {
        for (const char* name : {"li", "anna"}) {
            IFRIT_RETURN_IF_ERROR(
                t.operators().add({name, "", OperatorRole::Reader, false, at(1), at(1)}));
        }
        IFRIT_RETURN_IF_ERROR(
            t.operators().putSession({"h-2", "li", at(3), at(9), "10.0.0.1:5", "nightly"}));
        IFRIT_RETURN_IF_ERROR(t.operators().putSession({"h-1", "li", at(2), at(9)}));
        return t.operators().putSession({"h-3", "anna", at(4), at(9)});
    }));
    VERIFY_OK(database->transact([](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto all, t.operators().listSessions());
        IFRIT_RETURN_IF_ERROR(expect(all.size() == 3 && all[0].tokenHash == "h-3" &&
                                         all[1].tokenHash == "h-1" && all[2].label == "nightly" &&
                                         all[2].address == "10.0.0.1:5",
                                     "by operator and start"));
        IFRIT_RETURN_IF_ERROR(t.operators().erase("li"));
        IFRIT_ASSIGN_OR_RETURN(const auto left, t.operators().listSessions());
        IFRIT_ASSIGN_OR_RETURN(const auto gone, t.operators().find("li"));
        return expect(left.size() == 1 && !gone, "gone with their sessions");
    }));
    VERIFY_REASON(database->transact([](Transaction& t) { return t.operators().erase("li"); }),
                  "OPERATOR_UNKNOWN");
}

void checkOneCertificateIsRevoked(const OpenDatabase& open) {
    const auto database = open();
    const CertificateRecord old{"01", "operator", "li", at(1), at(50), std::nullopt, ""};
    const CertificateRecord now{"02", "operator", "li", at(2), at(60), std::nullopt, ""};
    const CertificateRecord machine{"03", "machine", "li", at(2), at(60), std::nullopt, ""};
    VERIFY_OK(database->transact([&](Transaction& t) -> absl::Status {
        for (const CertificateRecord& one : {old, now, machine})
            IFRIT_RETURN_IF_ERROR(t.certificates().add(one));
        IFRIT_RETURN_IF_ERROR(t.certificates().revoke("01", at(3), "lost"));
        // Again: it stays as it was.
        return t.certificates().revoke("01", at(4), "other");
    }));
    VERIFY_OK(database->read([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto serials, t.certificates().revokedSerials(at(5)));
        IFRIT_RETURN_IF_ERROR(expect(serials == std::vector<std::string>{"01"}, "that one alone"));
        IFRIT_ASSIGN_OR_RETURN(const auto all, t.certificates().list("operator"));
        return expect(all.size() == 2 && all[0] == now && all[1].revoked == at(3) &&
                          all[1].revokeReason == "lost",
                      "newest first");
    }));
    VERIFY_REASON(
        database->transact([](Transaction& t) { return t.certificates().revoke("09", at(1), ""); }),
        "CERTIFICATE_UNKNOWN");
}

}  // namespace ifrit::master::storage

// SPDX-License-Identifier: Apache-2.0
#include "master/app/operators.h"

#include <utility>

#include "master/audit/audit_trail.h"
#include "master/auth/enrolment.h"
#include "master/auth/machine_revocation.h"
#include "master/auth/operators.h"
#include "shared/base/atomic_file.h"
#include "shared/base/status.h"
#include "shared/crypto/password.h"
#include "shared/crypto/signing_key.h"
#include "shared/domain/names.h"

namespace ifrit::master::app {
namespace {

constexpr std::chrono::hours kMaxTokenLife{7 * 24};
constexpr std::size_t kMaxPemBytes = 16 * 1024;
constexpr std::size_t kPasswordBytes = 15;

/// Whoever may read the database's directory is the administrator.
auth::Administrator administrator() {
    return {"root@localhost", "ifrit-master", "local"};
}

absl::StatusOr<storage::ClusterSettings> settingsOf(storage::Database& database) {
    storage::ClusterSettings settings;
    IFRIT_RETURN_IF_ERROR(database.read([&](storage::Transaction& view) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(settings, view.settings().get());
        return absl::OkStatus();
    }));
    return settings;
}

absl::StatusOr<std::string> clusterOf(storage::Database& database) {
    IFRIT_ASSIGN_OR_RETURN(const storage::ClusterSettings settings, settingsOf(database));
    return settings.name;
}

storage::AuditEntry entryOf(const base::Clock& clock, const char* verb, const std::string& object) {
    storage::AuditEntry entry;
    const auth::Administrator by = administrator();
    entry.at = clock.now();
    entry.actor = by.name;
    entry.via = by.via;
    entry.address = by.address;
    entry.verb = verb;
    entry.object = object;
    entry.result = "allowed";
    return entry;
}

}  // namespace

absl::Status checkTokenLife(std::chrono::milliseconds life) {
    if (life.count() > 0 && life <= kMaxTokenLife) return absl::OkStatus();
    return base::invalidArgument("TTL_INVALID", "",
                                 "a token is good for more than 0 and at most 7 days");
}

absl::StatusOr<std::vector<std::string>> makeJoinTokens(storage::Database& database,
                                                        const base::Clock& clock, int count,
                                                        std::chrono::milliseconds ttl,
                                                        const std::string& uuid) {
    IFRIT_RETURN_IF_ERROR(checkTokenLife(ttl));
    if (!uuid.empty()) {
        IFRIT_RETURN_IF_ERROR(domain::checkMachineUuid(uuid));
        if (count != 1) {
            return base::invalidArgument(
                "COUNT_INVALID", uuid, "a token for one machine is made alone: leave out --count");
        }
    }
    IFRIT_ASSIGN_OR_RETURN(const storage::ClusterSettings settings, settingsOf(database));
    storage::JoinTokenRecord like;
    like.uuid = uuid;
    like.createdBy = administrator().name;
    like.created = clock.now();
    like.expires = clock.now() + ttl;
    return auth::makeJoinTokens(database, audit::AuditTrail(settings.name), settings.name, like,
                                static_cast<std::size_t>(count));
}

absl::StatusOr<std::string> addOperator(storage::Database& database, const base::Clock& clock,
                                        const std::string& name, storage::OperatorRole role) {
    std::string password = crypto::randomToken(kPasswordBytes);
    IFRIT_ASSIGN_OR_RETURN(const storage::OperatorRecord person,
                           auth::newOperator(name, password, role, clock.now()));
    IFRIT_ASSIGN_OR_RETURN(const std::string cluster, clusterOf(database));
    const audit::AuditTrail trail(cluster);
    IFRIT_RETURN_IF_ERROR(auth::addOperator(database, trail, person, administrator()));
    return password;
}

absl::StatusOr<std::string> resetPassword(storage::Database& database, const base::Clock& clock,
                                          const std::string& name) {
    std::string password = crypto::randomToken(kPasswordBytes);
    std::optional<storage::OperatorRecord> person;
    IFRIT_RETURN_IF_ERROR(database.read([&](storage::Transaction& view) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(person, view.operators().find(name));
        return absl::OkStatus();
    }));
    if (!person) {
        return base::notFound("OPERATOR_UNKNOWN", name, "there is no operator '{}'", name);
    }
    IFRIT_ASSIGN_OR_RETURN(person->passwordHash, crypto::hashPassword(password));
    person->changed = clock.now();
    IFRIT_ASSIGN_OR_RETURN(const std::string cluster, clusterOf(database));
    const audit::AuditTrail trail(cluster);
    IFRIT_RETURN_IF_ERROR(auth::changePassword(database, trail, *person, administrator()));
    return password;
}

absl::Status disableOperator(storage::Database& database, const base::Clock& clock,
                             const std::string& name) {
    IFRIT_ASSIGN_OR_RETURN(const std::string cluster, clusterOf(database));
    const audit::AuditTrail trail(cluster);
    return auth::changeStanding(database, trail, name, auth::Standing::Disabled, clock.now(),
                                administrator());
}

absl::Status enableOperator(storage::Database& database, const base::Clock& clock,
                            const std::string& name) {
    IFRIT_ASSIGN_OR_RETURN(const std::string cluster, clusterOf(database));
    const audit::AuditTrail trail(cluster);
    return auth::changeStanding(database, trail, name, auth::Standing::Enabled, clock.now(),
                                administrator());
}

absl::StatusOr<std::uint64_t> revokeMachine(storage::Database& database, const base::Clock& clock,
                                            const std::string& uuid, const std::string& reason) {
    IFRIT_ASSIGN_OR_RETURN(const std::string cluster, clusterOf(database));
    const audit::AuditTrail trail(cluster);
    return auth::revokeMachine(database, trail, uuid, reason, clock.now(), administrator());
}

absl::StatusOr<std::vector<storage::OperatorRecord>> listOperators(storage::Database& database) {
    std::vector<storage::OperatorRecord> people;
    IFRIT_RETURN_IF_ERROR(database.read([&](storage::Transaction& view) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(people, view.operators().list());
        return absl::OkStatus();
    }));
    return people;
}

absl::StatusOr<std::string> addPublisherKey(storage::Database& database, const base::Clock& clock,
                                            const std::string& name, const std::string& pemFile) {
    IFRIT_RETURN_IF_ERROR(domain::checkReason(name));
    IFRIT_ASSIGN_OR_RETURN(const std::string pem, base::readFile(pemFile, kMaxPemBytes));
    const auto key = crypto::publicKeyFromPem(pem);
    if (!key.ok() && pem.find("PRIVATE KEY-----") != std::string::npos) {
        return base::invalidArgument(
            "KEY_PRIVATE", pemFile,
            "{0} holds a private key, which stays with its publisher; give "
            "the public one, {0}.pub.pem",
            pemFile);
    }
    if (!key.ok()) return base::annotate(key.status(), pemFile);
    storage::PublisherKeyRecord record{key->keyId(), name, pem, clock.now(), administrator().name};
    IFRIT_ASSIGN_OR_RETURN(const std::string cluster, clusterOf(database));
    const audit::AuditTrail trail(cluster);
    const absl::Status added =
        database.transact([&](storage::Transaction& transaction) -> absl::Status {
            IFRIT_RETURN_IF_ERROR(transaction.packages().putPublisherKey(record));
            return trail.append(transaction, entryOf(clock, "publisher_key.add", record.keyId));
        });
    if (!added.ok()) return added;
    return record.keyId;
}

absl::Status removePublisherKey(storage::Database& database, const base::Clock& clock,
                                const std::string& keyId) {
    IFRIT_ASSIGN_OR_RETURN(const std::string cluster, clusterOf(database));
    const audit::AuditTrail trail(cluster);
    return database.transact([&](storage::Transaction& transaction) -> absl::Status {
        IFRIT_RETURN_IF_ERROR(transaction.packages().erasePublisherKey(keyId));
        return trail.append(transaction, entryOf(clock, "publisher_key.remove", keyId));
    });
}

absl::StatusOr<std::vector<storage::PublisherKeyRecord>> listPublisherKeys(
    storage::Database& database) {
    std::vector<storage::PublisherKeyRecord> keys;
    IFRIT_RETURN_IF_ERROR(database.read([&](storage::Transaction& view) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(keys, view.packages().listPublisherKeys());
        return absl::OkStatus();
    }));
    return keys;
}

}  // namespace ifrit::master::app

// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include "master/app/commands.h"
#include "master/app/config.h"
#include "master/app/master_files.h"
#include "master/app/open_stores.h"
#include "master/app/operators.h"
#include "master/auth/operators.h"
#include "shared/base/duration.h"
#include "shared/base/status.h"
#include "shared/domain/names.h"

namespace ifrit::master::app {
namespace {

using storage::sql::SqlDatabase;

struct Flags {
    std::string directory;
    std::string name;
    std::string ttl = "1h";
    std::string uuid;
    std::string file;
    std::string role = "reader";
    std::string reason;
    int count = 1;
};

CLI::App* addCommand(CLI::App& parent, const std::shared_ptr<Flags>& flags, const char* name,
                     const char* what) {
    CLI::App* command = parent.add_subcommand(name, what);
    command->add_option("--dir", flags->directory, "The master's directory")
        ->type_name("DIR")
        ->required();
    return command;
}

/// Opens the database of a directory and hands it to `work`.
template <typename Work>
int withDatabase(const Flags& flags, Work work) {
    if (const absl::Status there = checkDirectory(flags.directory); !there.ok()) return fail(there);
    const base::SystemClock clock;
    const MasterFiles files(flags.directory);
    auto config = loadConfig(files.config().string());
    // Without a file it is a database in the directory, and whoever opens that says what is
    // missing.
    if (absl::IsNotFound(config.status())) config = Config{};
    if (!config.ok()) return fail(config.status());
    const auto database = openDatabase(files, config->store, SqlDatabase::Schema::Require, clock);
    if (!database.ok()) return fail(database.status());
    const absl::Status status = work(**database, clock);
    return status.ok() ? 0 : fail(status);
}

absl::Status printTokens(SqlDatabase& database, const base::Clock& clock, const Flags& flags) {
    IFRIT_ASSIGN_OR_RETURN(const auto ttl, base::parseDuration(flags.ttl));
    IFRIT_ASSIGN_OR_RETURN(const auto tokens,
                           makeJoinTokens(database, clock, flags.count, ttl, flags.uuid));
    for (const std::string& token : tokens)
        std::printf("%s\n", token.c_str());
    return absl::OkStatus();
}

absl::Status printPassword(absl::StatusOr<std::string> password) {
    if (!password.ok()) return password.status();
    std::printf("%s\n", password->c_str());
    std::fprintf(stderr, "this password is shown once and kept nowhere\n");
    return absl::OkStatus();
}

absl::Status printOperators(SqlDatabase& database) {
    IFRIT_ASSIGN_OR_RETURN(const auto people, listOperators(database));
    for (const auto& person : people) {
        std::printf("%s\t%s%s\n", person.name.c_str(),
                    person.role == storage::OperatorRole::SuperAdmin ? "super_admin" : "reader",
                    person.disabled ? "\tdisabled" : "");
    }
    return absl::OkStatus();
}

absl::Status printKeys(SqlDatabase& database) {
    IFRIT_ASSIGN_OR_RETURN(const auto keys, listPublisherKeys(database));
    for (const auto& key : keys)
        std::printf("%s\t%s\n", key.keyId.c_str(), key.name.c_str());
    return absl::OkStatus();
}

struct Words {
    const char* name;
    const char* what;
};

void addStandingCommand(CLI::App& user, const std::shared_ptr<Flags>& flags, Action& action,
                        const Words& words,
                        absl::Status (*change)(storage::Database&, const base::Clock&,
                                               const std::string&)) {
    CLI::App* command = addCommand(user, flags, words.name, words.what);
    command->add_option("name", flags->name, "Name")->required();
    command->callback([flags, &action, change] {
        action = [flags, change] {
            return withDatabase(*flags, [&](SqlDatabase& database, const base::Clock& clock) {
                return change(database, clock, flags->name);
            });
        };
    });
}

void addRevocation(CLI::App& app, const std::shared_ptr<Flags>& flags, Action& action) {
    CLI::App* command =
        addCommand(app, flags, "revoke-machine",
                   "Take a machine's certificates from it; a running master follows in seconds");
    command->add_option("--uuid", flags->uuid, "The machine")
        ->type_name("UUID")
        ->check(byRule(domain::checkMachineUuid))
        ->required();
    command->add_option("--reason", flags->reason, "Why, for the audit")->required();
    command->callback([flags, &action] {
        action = [flags] {
            return withDatabase(
                *flags, [&](SqlDatabase& database, const base::Clock& clock) -> absl::Status {
                    IFRIT_ASSIGN_OR_RETURN(
                        const std::uint64_t revoked,
                        revokeMachine(database, clock, flags->uuid, flags->reason));
                    std::printf("%s: %llu certificate%s revoked\n", flags->uuid.c_str(),
                                static_cast<unsigned long long>(revoked), revoked == 1 ? "" : "s");
                    return absl::OkStatus();
                });
        };
    });
}

void addUserCommands(CLI::App& app, const std::shared_ptr<Flags>& flags, Action& action) {
    CLI::App* user = app.add_subcommand("user", "Operators of the cluster");
    user->require_subcommand(1);
    CLI::App* add = addCommand(*user, flags, "add", "Add an operator; prints the password once");
    add->add_option("name", flags->name, "Name")
        ->check(byRule(auth::checkOperatorName))
        ->required();
    add->add_option("--role", flags->role, "reader or super_admin")
        ->check(CLI::IsMember({"reader", "super_admin"}));
    add->callback([flags, &action] {
        action = [flags] {
            return withDatabase(*flags, [&](SqlDatabase& database, const base::Clock& clock) {
                return printPassword(addOperator(database, clock, flags->name,
                                                 flags->role == "super_admin"
                                                     ? storage::OperatorRole::SuperAdmin
                                                     : storage::OperatorRole::Reader));
            });
        };
    });
    CLI::App* passwd =
        addCommand(*user, flags, "passwd", "Give an operator a new password; prints it once");
    passwd->add_option("name", flags->name, "Name")->required();
    passwd->callback([flags, &action] {
        action = [flags] {
            return withDatabase(*flags, [&](SqlDatabase& database, const base::Clock& clock) {
                return printPassword(resetPassword(database, clock, flags->name));
            });
        };
    });
    addStandingCommand(*user, flags, action,
                       {"disable", "Refuse an operator, sessions and certificate included"},
                       disableOperator);
    addStandingCommand(*user, flags, action, {"enable", "Let a disabled operator in again"},
                       enableOperator);
    addCommand(*user, flags, "list", "List the operators")->callback([flags, &action] {
        action = [flags] {
            return withDatabase(*flags, [](SqlDatabase& database, const base::Clock&) {
                return printOperators(database);
            });
        };
    });
}

void addKeyCommands(CLI::App& app, const std::shared_ptr<Flags>& flags, Action& action) {
    CLI::App* key = app.add_subcommand(
        "publisher-key", "Publishers whose packages the cluster takes; a running master follows");
    key->require_subcommand(1);
    CLI::App* add = addCommand(*key, flags, "add", "Trust an Ed25519 public key");
    add->add_option("--name", flags->name, "Whose it is")->type_name("NAME")->required();
    add->add_option("file", flags->file, "Public key, PEM (ifritctl key generate)")->required();
    add->callback([flags, &action] {
        action = [flags] {
            return withDatabase(
                *flags, [&](SqlDatabase& database, const base::Clock& clock) -> absl::Status {
                    IFRIT_ASSIGN_OR_RETURN(
                        const std::string id,
                        addPublisherKey(database, clock, flags->name, flags->file));
                    std::printf("%s\n", id.c_str());
                    return absl::OkStatus();
                });
        };
    });
    CLI::App* remove = addCommand(*key, flags, "remove", "Trust a key no longer");
    remove->add_option("key-id", flags->name, "16 hexadecimal digits")->required();
    remove->callback([flags, &action] {
        action = [flags] {
            return withDatabase(*flags, [&](SqlDatabase& database, const base::Clock& clock) {
                return removePublisherKey(database, clock, flags->name);
            });
        };
    });
    addCommand(*key, flags, "list", "List the trusted keys")->callback([flags, &action] {
        action = [flags] {
            return withDatabase(*flags, [](SqlDatabase& database, const base::Clock&) {
                return printKeys(database);
            });
        };
    });
}

}  // namespace

void addPeopleCommands(CLI::App& app, Action& action) {
    const auto flags = std::make_shared<Flags>();
    CLI::App* token = addCommand(app, flags, "join-token",
                                 "Make one-time tokens for machines to join; one a line");
    token->add_option("--ttl", flags->ttl, "How long they are good, at most 7d")
        ->type_name("DURATION")
        ->check(byRule([](const std::string& text) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(const auto life, base::parseDuration(text));
            return checkTokenLife(life);
        }))
        ->capture_default_str();
    token->add_option("--count", flags->count, "How many")
        ->check(CLI::Range(1, 10'000))
        ->capture_default_str();
    token->add_option("--uuid", flags->uuid, "Only for this machine, known or new; one token alone")
        ->type_name("UUID")
        ->check(byRule(domain::checkMachineUuid));
    token->callback([flags, &action] {
        if (!flags->uuid.empty() && flags->count != 1)
            throw CLI::ValidationError("--count", "a token for one machine is made alone");
        action = [flags] {
            return withDatabase(*flags, [&](SqlDatabase& database, const base::Clock& clock) {
                return printTokens(database, clock, *flags);
            });
        };
    });
    addRevocation(app, flags, action);
    addUserCommands(app, flags, action);
    addKeyCommands(app, flags, action);
}

}  // namespace ifrit::master::app

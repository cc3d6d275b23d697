// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "master/app/add_master.h"
#include "master/app/cluster_init.h"
#include "master/app/commands.h"
#include "master/app/config.h"
#include "master/app/directory_lock.h"
#include "master/app/master_files.h"
#include "master/app/open_stores.h"
#include "master/app/ring_change.h"
#include "master/app/serve.h"
#include "master/auth/operators.h"
#include "shared/base/atomic_file.h"
#include "shared/base/clock.h"
#include "shared/base/host_port.h"
#include "shared/domain/hash_ring.h"
#include "shared/domain/names.h"

namespace ifrit::master::app {
namespace {

/// A master that lives shows it far more often (members::Membership).
constexpr std::chrono::seconds kWatchFor{10};

struct Flags {
    InitRequest init;
    std::string directory;
    std::string listen;
    std::string file;
    AddMasterRequest added;
    RingRequest ring;
    bool checkOnly = false;
};

absl::Status checkAddress(const std::string& text) {
    return base::parseHostPort(text).status();
}

/// File, environment and flags, in this order.
absl::StatusOr<LoadedConfig> loadedOf(const Flags& flags) {
    for (const std::string& unknown : config::unknownVariables(environ, knownVariables()))
        std::fprintf(stderr, "ifrit-master: %s\n", unknown.c_str());
    const std::string path = MasterFiles(flags.directory).config().string();
    absl::StatusOr<LoadedConfig> loaded = loadWithOrigins(path);
    if (!loaded.ok()) return loaded;
    if (!flags.listen.empty()) {
        loaded->config.listen = flags.listen;
        loaded->config.advertise.clear();  // it was of the other one
    }
    return loaded;
}

absl::StatusOr<Config> configOf(const Flags& flags) {
    IFRIT_ASSIGN_OR_RETURN(LoadedConfig loaded, loadedOf(flags));
    return std::move(loaded.config);
}

/// The configuration that the new cluster begins with.
absl::Status takeConfig(const std::string& file, InitRequest& request) {
    constexpr std::size_t kMaxFileBytes = 256 * 1024;
    if (file.empty()) return absl::OkStatus();
    IFRIT_ASSIGN_OR_RETURN(request.configText, base::readFile(file, kMaxFileBytes));
    IFRIT_ASSIGN_OR_RETURN(const Config config, loadConfig(file));
    request.store = config.store;
    return absl::OkStatus();
}

int runInit(const Flags& flags) {
    InitRequest request = flags.init;
    request.directory = flags.directory;
    if (const absl::Status taken = takeConfig(flags.file, request); !taken.ok()) return fail(taken);
    const auto made = initCluster(request, base::SystemClock());
    if (!made.ok()) return fail(made.status());
    std::printf("cluster %s is made in %s\n", request.cluster.c_str(), flags.directory.c_str());
    std::printf("admin bundle: %s (holds a private key; give it to nobody else)\n",
                made->bundle.c_str());
    std::printf("password of %s: %s (shown once)\n", request.admin.c_str(),
                made->adminPassword.c_str());
    std::printf("next: ifrit-master publisher-key add, then ifrit-master serve --dir %s\n",
                flags.directory.c_str());
    return 0;
}

int runServe(const Flags& flags) {
    const auto config = configOf(flags);
    if (!config.ok()) return fail(config.status());
    const absl::Status status = serve(MasterFiles(flags.directory), *config);
    return status.ok() ? 0 : fail(status);
}

int runCheck(const Flags& flags, bool print) {
    const auto loaded = loadedOf(flags);
    if (!loaded.ok()) return fail(loaded.status());
    const std::string path = MasterFiles(flags.directory).config().string();
    if (print) {
        const std::string text = printConfig(loaded->config);
        std::fputs(config::withOrigins(text, loaded->origins).c_str(), stdout);
    } else {
        std::printf("%s: good\n", path.c_str());
    }
    return 0;
}

/// 0: this program may serve as it is; kNotMigrated: somebody has to migrate first; kNewer: a later
/// program has migrated it, and this one cannot serve.
int checkMigrated(const MasterFiles& files, const StoreConfig& store) {
    constexpr int kNotMigrated = 4;
    constexpr int kNewer = 5;
    const std::string place = databasePlace(files, store);
    const absl::Status status =
        openDatabase(files, store, storage::sql::SqlDatabase::Schema::Look, base::SystemClock())
            .status();
    if (status.ok()) {
        std::printf("%s: at the newest schema\n", place.c_str());
        return 0;
    }
    const std::string reason = base::errorInfo(status).reason;
    if (reason == "DATABASE_OLD" && store.kind == StoreConfig::Kind::Sqlite) {
        std::printf("serve migrates %s by itself\n", place.c_str());
        return 0;
    }
    const int code = fail(status);
    if (reason == "DATABASE_OLD") return kNotMigrated;
    return reason == "DATABASE_NEWER" ? kNewer : code;
}

int runMigrate(const Flags& flags) {
    if (const absl::Status there = checkDirectory(flags.directory); !there.ok()) return fail(there);
    const auto config = configOf(flags);
    if (!config.ok()) return fail(config.status());
    const MasterFiles files(flags.directory);
    if (flags.checkOnly) return checkMigrated(files, config->store);
    const auto database = openDatabase(
        files, config->store, storage::sql::SqlDatabase::Schema::Migrate, base::SystemClock());
    if (!database.ok()) return fail(database.status());
    std::printf("%s: at the newest schema\n", databasePlace(files, config->store).c_str());
    return 0;
}

int runAddMaster(const Flags& flags) {
    if (const absl::Status there = checkDirectory(flags.directory); !there.ok()) return fail(there);
    const auto config = configOf(flags);
    if (!config.ok()) return fail(config.status());
    const absl::Status status =
        addMaster(MasterFiles(flags.directory), *config, flags.added, base::SystemClock());
    if (!status.ok()) return fail(status);
    std::printf("the directory of the master at %s is made: %s\n", flags.added.address.c_str(),
                flags.added.out.c_str());
    std::printf(
        "it holds the cluster's CA key: carry it to that host safely, and leave no copy "
        "here\n");
    std::printf("next, there: ifrit-master check-config, then ifrit-master serve --dir DIR\n");
    return 0;
}

int runRing(const Flags& flags) {
    if (const absl::Status there = checkDirectory(flags.directory); !there.ok()) return fail(there);
    const auto config = configOf(flags);
    if (!config.ok()) return fail(config.status());
    const MasterFiles files(flags.directory);
    const base::SystemClock clock;
    // Held by a master that serves from here. It is there once one did; made by root it would keep
    // the service's user out.
    std::unique_ptr<DirectoryLock> lock;
    if (!flags.ring.dryRun && std::filesystem::exists(files.lock())) {
        auto taken = DirectoryLock::take(files.lock());
        if (!taken.ok()) return fail(taken.status());
        lock = *std::move(taken);
    }
    const auto database =
        openDatabase(files, config->store, storage::sql::SqlDatabase::Schema::Require, clock);
    if (!database.ok()) return fail(database.status());
    const auto change = changeRing(**database, flags.ring, clock, kWatchFor, [](auto span) {
        std::fprintf(stderr, "looking for masters that run, for %lld s\n",
                     static_cast<long long>(span.count() / 1'000));
        std::this_thread::sleep_for(span);
    });
    if (!change.ok()) return fail(change.status());
    std::printf("%u -> %u batches: %llu of %llu machines %s to another batch\n", change->from,
                change->to, static_cast<unsigned long long>(change->moved),
                static_cast<unsigned long long>(change->machines),
                flags.ring.dryRun ? "would go" : "went");
    return 0;
}

CLI::App* addCommand(CLI::App& app, const std::shared_ptr<Flags>& flags, const char* name,
                     const char* what) {
    CLI::App* command = app.add_subcommand(name, what);
    command->add_option("--dir", flags->directory, "The master's directory")
        ->type_name("DIR")
        ->required();
    return command;
}

void addInit(CLI::App& app, const std::shared_ptr<Flags>& flags, Action& action) {
    CLI::App* init = addCommand(app, flags, "init",
                                "Make a cluster: CA, certificates, database, first super admin");
    init->add_option("--cluster", flags->init.cluster, "Name: a-z, 0-9, '.', '_', '-'")
        ->type_name("NAME")
        ->check(byRule(domain::checkClusterName))
        ->required();
    init->add_option("--address", flags->init.addresses,
                     "HOST:PORT that machines and operators use; repeatable")
        ->type_name("HOST:PORT")
        ->check(byRule(checkAddress))
        ->required();
    init->add_option("--kind", flags->init.kind, "development, test or production")
        ->check(CLI::IsMember({"development", "test", "production"}))
        ->capture_default_str();
    init->add_option("--admin", flags->init.admin, "Name of the first super admin")
        ->type_name("NAME")
        ->check(byRule(auth::checkOperatorName))
        ->capture_default_str();
    init->add_option("--batches", flags->init.batches, "Batches of the hash ring")
        ->check(CLI::Range(1U, domain::kMaxBatches))
        ->capture_default_str();
    init->add_option("--config", flags->file,
                     "A master.toml to begin with; its [store] says where the database is")
        ->type_name("FILE");
    init->callback([flags, &action] { action = [flags] { return runInit(*flags); }; });
}

}  // namespace

void addClusterCommands(CLI::App& app, Action& action) {
    const auto flags = std::make_shared<Flags>();
    addInit(app, flags, action);
    CLI::App* serving = addCommand(app, flags, "serve", "Serve the cluster until SIGTERM");
    serving->add_option("--listen", flags->listen, "HOST:PORT instead of the configured one")
        ->type_name("HOST:PORT")
        ->check(byRule([](const std::string& text) {
            return base::parseHostPort(text, base::PortZero::AnyFree).status();
        }));
    serving->callback([flags, &action] { action = [flags] { return runServe(*flags); }; });
    CLI::App* adding = addCommand(app, flags, "add-master",
                                  "Make the directory of one more master (MariaDB only)");
    adding
        ->add_option("--address", flags->added.address,
                     "HOST:PORT of the new master, for machines, people and the other masters")
        ->type_name("HOST:PORT")
        ->check(byRule(checkAddress))
        ->required();
    adding->add_option("--out", flags->added.out, "The new directory, to be carried to its host")
        ->type_name("DIR")
        ->required();
    adding->callback([flags, &action] { action = [flags] { return runAddMaster(*flags); }; });
    CLI::App* ring = addCommand(
        app, flags, "ring", "Give the hash ring another number of batches; masters are stopped");
    ring->add_option("--batches", flags->ring.batches, "How many")
        ->check(CLI::Range(1U, domain::kMaxBatches))
        ->required();
    ring->add_option("--reason", flags->ring.reason, "Why, for the audit")->required();
    ring->add_flag("--dry-run", flags->ring.dryRun, "Only say how many machines would move");
    ring->callback([flags, &action] { action = [flags] { return runRing(*flags); }; });
    CLI::App* const migrate =
        addCommand(app, flags, "migrate", "Bring the database to this program's schema");
    migrate->add_flag(
        "--check", flags->checkOnly,
        "Change nothing: 0 when this program can serve, 4 when it has to be migrated");
    migrate->callback([flags, &action] { action = [flags] { return runMigrate(*flags); }; });
    addCommand(app, flags, "check-config", "Check the configuration: 0 good, 78 bad")
        ->callback([flags, &action] { action = [flags] { return runCheck(*flags, false); }; });
    addCommand(app, flags, "print-config", "Print the configuration in force")
        ->callback([flags, &action] { action = [flags] { return runCheck(*flags, true); }; });
}

}  // namespace ifrit::master::app

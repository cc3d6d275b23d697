// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <memory>
#include <string>

#include "master/app/backup.h"
#include "master/app/commands.h"
#include "master/app/config.h"
#include "shared/base/clock.h"

namespace ifrit::master::app {
namespace {

struct Flags {
    std::string directory;
    std::string backup;
    std::string config;
    bool withoutPackages = false;
};

void sayStep(const std::string& step) {
    std::fprintf(stderr, "%s\n", step.c_str());
}

void printSummary(const char* what, const BackupSummary& summary, const std::string& place) {
    std::printf("cluster %s of generation %llu is %s %s: %llu files, %.1f MiB\n",
                summary.cluster.c_str(), static_cast<unsigned long long>(summary.generation), what,
                place.c_str(), static_cast<unsigned long long>(summary.files),
                static_cast<double>(summary.bytes) / (1024 * 1024));
}

void printMissing(const BackupSummary& summary, const char* remedy) {
    if (summary.missing.empty()) return;
    std::fprintf(stderr, "%zu packages are without their archives: %s\n", summary.missing.size(),
                 remedy);
    for (const std::string& package : summary.missing)
        std::fprintf(stderr, "  %s\n", package.c_str());
}

int runBackup(const Flags& flags) {
    if (const absl::Status there = checkDirectory(flags.directory); !there.ok()) return fail(there);
    const MasterFiles files(flags.directory);
    const auto config = loadConfig(files.config().string());
    if (!config.ok()) return fail(config.status());
    const base::SystemClock clock;
    const auto others = [&] { return otherMasters(files, *config, clock); };
    const auto made =
        makeBackup(files, *config, flags.backup, {!flags.withoutPackages, &sayStep, others}, clock);
    if (!made.ok()) return fail(made.status());
    printSummary("kept in", *made, flags.backup);
    printMissing(
        *made,
        "no master that can be reached has them; copy what is missing from the packages folder of "
        "one that cannot, or keep the package files to publish them again");
    std::printf("it holds the CA's private key: keep it as secret as the master's directory\n");
    return 0;
}

int runRestore(const Flags& flags) {
    if (const absl::Status there = checkDirectory(flags.backup); !there.ok()) return fail(there);
    const auto made = restoreBackup(flags.backup, MasterFiles(flags.directory),
                                    {flags.config, &sayStep}, base::SystemClock());
    if (!made.ok()) return fail(made.status());
    printSummary("restored in", *made, flags.directory);
    printMissing(*made, "publish them again once it is served");
    std::printf(
        "It is frozen: no machine changes until somebody unfreezes it. Who and what was revoked, "
        "disabled or\nended since the backup is in force again: see to that first, and to the "
        "releases.\n"
        "next: ifrit-master serve --dir %s, then ifritctl cluster unfreeze; machines take what "
        "it says for the newest\n",
        flags.directory.c_str());
    return 0;
}

}  // namespace

void addBackupCommands(CLI::App& app, Action& action) {
    const auto flags = std::make_shared<Flags>();
    CLI::App* backup =
        app.add_subcommand("backup",
                           "Keep everything of the cluster in a folder, also while it is "
                           "served: one consistent state");
    backup->add_option("--dir", flags->directory, "The master's directory")
        ->type_name("DIR")
        ->required();
    backup->add_option("--out", flags->backup, "The folder to make: new or empty")
        ->type_name("DIR")
        ->required();
    backup->add_flag("--without-packages", flags->withoutPackages,
                     "Leave the packages' archives out; they can be published again");
    backup->callback([flags, &action] { action = [flags] { return runBackup(*flags); }; });

    CLI::App* restore =
        app.add_subcommand("restore", "Make a master's directory, and its database, from a backup");
    restore->add_option("--dir", flags->directory, "The directory to make: new or empty")
        ->type_name("DIR")
        ->required();
    restore->add_option("--from", flags->backup, "The backup's folder")
        ->type_name("DIR")
        ->required();
    restore
        ->add_option("--config", flags->config,
                     "A master.toml instead of the backup's; its [store] may name another kind "
                     "of database, which moves the cluster to it")
        ->type_name("FILE");
    restore->callback([flags, &action] { action = [flags] { return runRestore(*flags); }; });
}

}  // namespace ifrit::master::app

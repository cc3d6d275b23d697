// SPDX-License-Identifier: Apache-2.0
#include <QFileInfo>
#include <memory>

#include "gui/ctl/commands.h"
#include "gui/ctl/key_file.h"
#include "gui/ctl/passphrase.h"
#include "gui/ctl/shell.h"
#include "gui/ctl/text.h"
#include "gui/ctl/views.h"
#include "gui/ctl/whole_number.h"
#include "shared/base/status.h"
#include "shared/domain/names.h"
#include "shared/package/builder.h"
#include "shared/package/package_file.h"

namespace ifrit::gui::ctl {
namespace {

struct PackageOptions {
    std::string source;
    std::string file;
    std::string key;
    std::vector<std::string> keys;
    PassphraseOptions passphrase;
    std::string output = ".";
    std::string agent;
    std::string reference;  ///< digest or agent
    std::string version;
    std::string machineType;
    std::size_t limit = 0;
};

/// A package that lies here and not in a cluster.
struct LocalPackage {
    domain::Manifest manifest;
    std::string digest;
    std::string path;
};

const View<LocalPackage>& localView() {
    static const View<LocalPackage> kView = {
        {{"AGENT", Shown::Always, [](const auto& p) { return p.manifest.name; }},
         {"VERSION", Shown::Always, [](const auto& p) { return p.manifest.version; }},
         {"TYPES", Shown::Always,
          [](const auto& p) { return fmt::format("{}", fmt::join(p.manifest.machineTypes, ",")); }},
         {"FILES", Shown::Always,
          [](const auto& p) { return std::to_string(p.manifest.files.size()); }},
         {"SIZE", Shown::Always,
          [](const auto& p) { return humanBytes(p.manifest.archiveSizeBytes); }},
         {"DIGEST", Shown::Always, [](const auto& p) { return p.digest; }},
         {"FILE", Shown::Always, [](const auto& p) { return p.path; }}},
        [](const auto& p) { return p.path; },
        [](const auto& p) {
            return Json::object()
                .set("agent", p.manifest.name)
                .set("version", p.manifest.version)
                .set("machine_types", toJsonArray(p.manifest.machineTypes))
                .set("files", static_cast<std::uint64_t>(p.manifest.files.size()))
                .set("archive_size_bytes", p.manifest.archiveSizeBytes)
                .set("manifest_digest", p.digest)
                .set("file", p.path);
        }};
    return kView;
}

absl::Status build(Shell& shell, const PackageOptions& options) {
    IFRIT_ASSIGN_OR_RETURN(const crypto::SigningKey key,
                           openSigningKey(shell, options.key, options.passphrase));
    IFRIT_ASSIGN_OR_RETURN(const package::BuiltPackage built,
                           package::buildPackage(options.source, key, options.output));
    shell.print().one(localView(), {built.manifest, built.digest, built.path.string()});
    return absl::OkStatus();
}

absl::Status verify(Shell& shell, const PackageOptions& options) {
    crypto::TrustedKeys trusted;
    for (const std::string& path : options.keys) {
        IFRIT_ASSIGN_OR_RETURN(const crypto::PublicKey key, readPublicKey(path));
        trusted.add(key);
    }
    IFRIT_ASSIGN_OR_RETURN(const domain::Manifest manifest,
                           package::checkPackageFile(options.file, trusted));
    IFRIT_ASSIGN_OR_RETURN(const package::PackageFile file, package::openPackageFile(options.file));
    shell.print().one(localView(),
                      {manifest, package::manifestDigest(file.manifest), options.file});
    shell.note(fmt::format("signature by {} and every file are right", file.manifest.keyId));
    return absl::OkStatus();
}

absl::Status publish(Shell& shell, const PackageOptions& options) {
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    const bool showProgress = shell.environment().terminal.isInteractive;
    std::ostream& err = shell.environment().terminal.err;
    const auto progress = [&](const services::PublishProgress& now) {
        if (!showProgress || now.totalBytes == 0) return;
        err << fmt::format("\r{} of {} ", humanBytes(now.doneBytes), humanBytes(now.totalBytes))
            << std::flush;
    };
    const absl::StatusOr<services::PublishResult> published =
        shell.await<services::PublishResult>([&](auto reply) {
            return session->packages().publish({shell.mutation(), options.file}, progress,
                                               std::move(reply));
        });
    if (showProgress) err << '\r';
    if (!published.ok()) return published.status();
    shell.print().one(packageView(), published->package);
    shell.note(!published->existed ? "published"
               : published->archivePutBack
                   ? "the same package was there already; its archive was missing and was put back"
                   : "the same package was there already");
    return absl::OkStatus();
}

absl::Status list(Shell& shell, const PackageOptions& options) {
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    bool more = false;
    IFRIT_ASSIGN_OR_RETURN(const std::vector<services::PackageInfo> packages,
                           shell.awaitPages<services::PackageInfo>(
                               [&](const services::PageRequest& page, auto reply) {
                                   return session->packages().list(options.agent, page,
                                                                   std::move(reply));
                               },
                               options.limit, more));
    shell.print().list(packageView(), packages);
    shell.noteShown(packages.size(), "packages", more);
    return absl::OkStatus();
}

absl::StatusOr<services::PackageInfo> find(Shell& shell, const PackageOptions& options) {
    services::PackageRef ref;
    if (domain::checkSha256(options.reference).ok()) {
        ref.manifestDigest = options.reference;
    } else {
        ref = {"", options.reference, options.version, options.machineType};
        if (ref.version.empty()) {
            return usage(
                "name a package by its digest (64 digits), or by AGENT VERSION [--type "
                "TYPE]");
        }
    }
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    return shell.await<services::PackageInfo>(
        [&](auto reply) { return session->packages().get(ref, std::move(reply)); });
}

absl::Status show(Shell& shell, const PackageOptions& options) {
    IFRIT_ASSIGN_OR_RETURN(const services::PackageInfo package, find(shell, options));
    shell.print().one(packageView(), package);
    shell.print().line("\n" + package.manifest);
    return absl::OkStatus();
}

absl::Status remove(Shell& shell, const PackageOptions& options) {
    IFRIT_ASSIGN_OR_RETURN(const services::PackageInfo package, find(shell, options));
    // It is not in use, else the master refuses: what is counted is packages.
    IFRIT_RETURN_IF_ERROR(shell.confirmCount("package delete", 1));
    services::Mutation mutation = shell.mutation();
    mutation.expectedCount.reset();  // of machines: none runs it
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    const absl::StatusOr<bool> removed = shell.await<bool>([&](services::Reply<bool> reply) {
        return session->packages().remove(
            package.manifestDigest, mutation, [reply](const absl::Status& status) {
                reply(status.ok() ? absl::StatusOr<bool>(true) : absl::StatusOr<bool>(status));
            });
    });
    if (!removed.ok()) return removed.status();
    shell.note(fmt::format("deleted {} {}", package.agent, package.version));
    return absl::OkStatus();
}

void addLocalVerbs(Shell& shell, CLI::App& noun, const std::shared_ptr<PackageOptions>& options) {
    CLI::App& buildVerb =
        shell.addVerb(noun,
                      {"build", "Make a signed package of a folder with package.toml and files/",
                       "ifritctl package build node-exporter/ --key publisher.pem --out packages/"},
                      [&shell, options] { return build(shell, *options); });
    buildVerb.add_option("FOLDER", options->source, "Holds package.toml and files/")->required();
    buildVerb.add_option("--key", options->key, "Publisher's private key")
        ->type_name("FILE")
        ->required();
    addPassphraseOption(buildVerb, options->passphrase);
    buildVerb.add_option("--out", options->output, "File, or a folder for its usual name (.)")
        ->type_name("PATH");
    CLI::App& verifyVerb =
        shell.addVerb(noun,
                      {"verify", "Check signature, manifest and every file, as a machine would",
                       "ifritctl package verify logd-1.2-LINUX.ifrit --key publisher.pem.pub.pem"},
                      [&shell, options] { return verify(shell, *options); });
    verifyVerb.add_option("FILE", options->file, "Package")->required();
    verifyVerb.add_option("--key", options->keys, "Keys to trust, repeatable")
        ->type_name("FILE")
        ->required();
}

}  // namespace

void addPackageCommands(Shell& shell) {
    CLI::App& noun = shell.addNoun("package", "Versions of agents, signed");
    const auto options = std::make_shared<PackageOptions>();
    addLocalVerbs(shell, noun, options);
    CLI::App& publishVerb =
        shell.addVerb(noun,
                      {"publish", "Check and upload a package; goes on where an upload broke off",
                       "ifritctl package publish logd-1.2-LINUX.ifrit --reason 'fixes the leak'"},
                      [&shell, options] { return publish(shell, *options); });
    publishVerb.add_option("FILE", options->file, "Package")->required();
    CLI::App& listVerb = shell.addVerb(
        noun, {"list", "Packages of the cluster", "ifritctl package list --agent node-exporter"},
        [&shell, options] { return list(shell, *options); });
    listVerb.add_option("--agent", options->agent, "Only of this agent")->type_name("NAME");
    listVerb.add_option("--limit", options->limit, "At most so many; all if absent")
        ->type_name("N")
        ->check(wholeNumber(0, 1'000'000));
    const auto named = [options](CLI::App& verb) {
        verb.add_option("PACKAGE", options->reference, "Manifest digest, or the agent's name")
            ->required();
        verb.add_option("VERSION", options->version, "With the agent's name");
        verb.add_option("--type", options->machineType, "Where several packages have the version")
            ->type_name("TYPE");
    };
    named(shell.addVerb(
        noun,
        {"show", "One package with its manifest", "ifritctl package show node-exporter 1.5.0"},
        [&shell, options] { return show(shell, *options); }));
    named(shell.addVerb(noun,
                        {"delete", "Delete a package that nothing uses",
                         "ifritctl package delete node-exporter 1.4.0 --reason 'superseded' "
                         "--confirm-count 1",
                         kAsksForThePackage},
                        [&shell, options] { return remove(shell, *options); }));
}

}  // namespace ifrit::gui::ctl

// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "gui/ctl/commands.h"
#include "gui/ctl/exit_code.h"
#include "gui/ctl/shell.h"
#include "shared/base/status.h"

namespace ifrit::gui::ctl {
namespace {

/// A context without its secrets.
struct Context {
    std::string name;
    bool current = false;
    bool signedIn = false;
    bundle::Bundle bundle;
    std::string problem;  ///< why the bundle cannot be read
};

const View<Context>& contextView() {
    static const View<Context> kView = {
        {{"CURRENT", Shown::Always, [](const auto& c) { return c.current ? "*" : "-"; }},
         {"NAME", Shown::Always, [](const auto& c) { return c.name; }},
         {"CLUSTER", Shown::Always, [](const auto& c) { return c.bundle.cluster; }},
         {"KIND", Shown::Always,
          [](const auto& c) { return c.problem.empty() ? c.bundle.kind : std::string(); }},
         {"ADDRESSES", Shown::Always,
          [](const auto& c) { return fmt::format("{}", fmt::join(c.bundle.addresses, ",")); }},
         {"SIGN IN", Shown::Always,
          [](const auto& c) {
              if (!c.problem.empty()) return c.problem;
              if (c.signedIn) return std::string("password");
              return std::string(c.bundle.certificatePem.empty() ? "none" : "certificate");
          }}},
        [](const auto& c) { return c.name; },
        [](const auto& c) {
            return Json::object()
                .set("name", c.name)
                .set("current", c.current)
                .set("cluster", c.bundle.cluster)
                .set("kind", c.problem.empty() ? Json(c.bundle.kind) : Json::null())
                .set("addresses", toJsonArray(c.bundle.addresses))
                .set("has_certificate", !c.bundle.certificatePem.empty())
                .set("signed_in", c.signedIn)
                .set("problem", c.problem.empty() ? Json::null() : Json(c.problem));
        }};
    return kView;
}

Context describe(const ContextStore& contexts, const std::string& name) {
    Context out;
    out.name = name;
    out.current = contexts.current() == name;
    out.signedIn = !contexts.token(name).empty();
    const absl::StatusOr<bundle::Bundle> bundle = contexts.load(name);
    if (bundle.ok()) {
        out.bundle = *bundle;
    } else {
        out.problem = base::messageOf(bundle.status());
    }
    return out;
}

absl::Status list(Shell& shell) {
    const ContextStore& contexts = shell.environment().contexts;
    std::vector<Context> all;
    for (const std::string& name : contexts.names())
        all.push_back(describe(contexts, name));
    shell.print().list(contextView(), all);
    if (all.empty()) shell.note("no context yet; import one: ifritctl context import admin.bundle");
    return absl::OkStatus();
}

absl::Status show(Shell& shell, const std::string& name) {
    const ContextStore& contexts = shell.environment().contexts;
    const std::string chosen = name.empty() ? shell.contextName() : name;
    if (chosen.empty()) return usage("there is no current context; name one");
    IFRIT_RETURN_IF_ERROR(contexts.load(chosen).status());
    shell.print().one(contextView(), describe(contexts, chosen));
    return absl::OkStatus();
}

struct ImportOptions {
    std::string file;
    std::string name;
    bool replace = false;
};

absl::Status importBundle(Shell& shell, const ImportOptions& options) {
    IFRIT_ASSIGN_OR_RETURN(const bundle::Bundle bundle, bundle::readBundleFile(options.file));
    ContextStore& contexts = shell.environment().contexts;
    const std::string name = options.name.empty() ? bundle.cluster : options.name;
    const bool wasSignedIn = !contexts.token(name).empty();
    IFRIT_RETURN_IF_ERROR(contexts.save(name, bundle, options.replace));
    IFRIT_RETURN_IF_ERROR(contexts.use(name));
    shell.note(fmt::format("imported {} ({}) as the current context '{}'", bundle.cluster,
                           bundle.kind, name));
    if (wasSignedIn && contexts.token(name).empty()) {
        shell.note(fmt::format("the login of the bundle before is forgotten: {}",
                               bundle.certificatePem.empty()
                                   ? "sign in again with 'ifritctl login'"
                                   : "the new one's certificate acts from now on"));
    }
    return absl::OkStatus();
}

absl::Status forget(Shell& shell, const std::string& name) {
    ContextStore& contexts = shell.environment().contexts;
    const bool wasCurrent = contexts.current() == name;
    IFRIT_RETURN_IF_ERROR(contexts.remove(name));
    if (wasCurrent && !contexts.names().empty()) {
        shell.note(
            fmt::format("no context is current any more; choose one: ifritctl context use {}",
                        contexts.names().front()));
    }
    return absl::OkStatus();
}

}  // namespace

void addContextCommands(Shell& shell) {
    CLI::App& noun = shell.addNoun("context", "Clusters that this account knows");
    shell.addVerb(noun, {"list", "List the contexts", "ifritctl context list"},
                  [&shell] { return list(shell); });
    const auto name = std::make_shared<std::string>();
    CLI::App& showVerb = shell.addVerb(
        noun, {"show", "Show one context, never its secrets", "ifritctl context show demo"},
        [&shell, name] { return show(shell, *name); });
    showVerb.add_option("NAME", *name, "Context; the current one if absent");
    CLI::App& useVerb = shell.addVerb(
        noun, {"use", "Choose the context for the next commands", "ifritctl context use demo"},
        [&shell, name] { return shell.environment().contexts.use(*name); });
    useVerb.add_option("NAME", *name, "Context")->required();
    CLI::App& removeVerb =
        shell.addVerb(noun,
                      {"remove", "Forget a context with its certificate, key and token",
                       "ifritctl context remove demo"},
                      [&shell, name] { return forget(shell, *name); });
    removeVerb.add_option("NAME", *name, "Context")->required();
    const auto options = std::make_shared<ImportOptions>();
    CLI::App& importVerb =
        shell.addVerb(noun,
                      {"import", "Keep a cluster's admin bundle and make it the current context",
                       "ifritctl context import admin.bundle --name production-eu"},
                      [&shell, options] { return importBundle(shell, *options); });
    importVerb.add_option("BUNDLE", options->file, "File that 'ifrit-master init' wrote")
        ->required();
    importVerb.add_option("--name", options->name, "Name of the context; the cluster's if absent")
        ->type_name("NAME");
    importVerb.add_flag("--replace", options->replace, "Take the place of a context of that name");
}

}  // namespace ifrit::gui::ctl

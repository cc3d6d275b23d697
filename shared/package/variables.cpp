// SPDX-License-Identifier: Apache-2.0
#include "shared/package/variables.h"

#include <optional>
#include <utility>

#include "shared/base/status.h"
#include "shared/package/manifest_error.h"

namespace ifrit::package {
namespace {

absl::Status syntaxError(std::string_view text) {
    return base::invalidArgument("VARIABLE_SYNTAX", text,
                                 "'{}' has a '$' that begins no ${{name}}; write $$ for a dollar",
                                 text);
}

/// Every text of a manifest in which variables stand, with its field.
std::vector<std::pair<std::string, std::string>> expandedTexts(const domain::Manifest& manifest) {
    std::vector<std::pair<std::string, std::string>> texts;
    const auto list = [&texts](std::string_view field, const std::vector<std::string>& more) {
        for (std::size_t i = 0; i < more.size(); ++i)
            texts.emplace_back(fmt::format("{}[{}]", field, i), more[i]);
    };
    list("start.command", manifest.start.command);
    for (const auto& [name, value] : manifest.start.environment)
        texts.emplace_back("start.environment." + name, value);
    list("preflight.ports", manifest.preflight.ports);
    if (manifest.probe) {
        list("probe.exec", manifest.probe->command);
        texts.emplace_back("probe.tcp", manifest.probe->address);
        texts.emplace_back("probe.http", manifest.probe->url);
    }
    const auto& hooks = manifest.hooks;
    const auto hook = [&list](const char* name, const std::optional<domain::Hook>& one) {
        if (one) list(fmt::format("hooks.{}.command", name), one->command);
    };
    hook("pre_install", hooks.preInstall);
    hook("post_install", hooks.postInstall);
    hook("pre_start", hooks.preStart);
    hook("post_stop", hooks.postStop);
    hook("pre_uninstall", hooks.preUninstall);
    return texts;
}

}  // namespace

absl::StatusOr<std::string> expand(std::string_view text, const Variables& variables) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] != '$') {
            out.push_back(text[at++]);
            continue;
        }
        if (text.substr(at, 2) == "$$") {
            out.push_back('$');
            at += 2;
            continue;
        }
        const std::size_t end = text.find('}', at);
        if (text.substr(at, 2) != "${" || end == std::string_view::npos) return syntaxError(text);
        const std::string_view name = text.substr(at + 2, end - at - 2);
        const auto found = variables.find(name);
        if (found == variables.end()) {
            return base::invalidArgument("VARIABLE_UNKNOWN", name,
                                         "'{}' names ${{{}}}, which is "
                                         "not known",
                                         text, name);
        }
        out += found->second;
        at = end + 1;
    }
    return out;
}

absl::StatusOr<std::vector<std::string>> expandAll(const std::vector<std::string>& texts,
                                                   const Variables& variables) {
    std::vector<std::string> out;
    for (const std::string& text : texts) {
        IFRIT_ASSIGN_OR_RETURN(std::string expanded, expand(text, variables));
        out.push_back(std::move(expanded));
    }
    return out;
}

absl::Status checkVariables(const domain::Manifest& manifest) {
    Variables known;
    for (const char* name :
         {"root", "data_dir", "machine.uuid", "machine.type", "machine.pin", "machine.address"}) {
        known[name] = "x";
    }
    for (const auto& [name, value] : manifest.vars)
        known["vars." + name] = "x";
    for (const auto& [field, text] : expandedTexts(manifest)) {
        IFRIT_RETURN_IF_ERROR(inField(field, expand(text, known).status()));
    }
    return absl::OkStatus();
}

}  // namespace ifrit::package

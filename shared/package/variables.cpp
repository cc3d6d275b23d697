// SPDX-License-Identifier: Apache-2.0
#include "shared/package/variables.h"

#include <algorithm>
#include <iterator>

#include "shared/base/status.h"

namespace ifrit::package {
namespace {

absl::Status syntaxError(std::string_view text) {
    return base::invalidArgument("VARIABLE_SYNTAX", text,
                                 "'{}' has a '$' that begins no ${{name}}; write $$ for a dollar",
                                 text);
}

std::vector<std::string> expandedTexts(const domain::Manifest& manifest) {
    std::vector<std::string> texts = manifest.start.command;
    const auto append = [&texts](const std::vector<std::string>& more) {
        texts.insert(texts.end(), more.begin(), more.end());
    };
    for (const auto& [name, value] : manifest.start.environment)
        texts.push_back(value);
    append(manifest.preflight.ports);
    if (manifest.probe) {
        append(manifest.probe->command);
        append({manifest.probe->address, manifest.probe->url});
    }
    const auto& hooks = manifest.hooks;
    for (const auto* hook : {&hooks.preInstall, &hooks.postInstall, &hooks.preStart,
                             &hooks.postStop, &hooks.preUninstall}) {
        if (*hook) append((*hook)->command);
    }
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
    return expandAll(expandedTexts(manifest), known).status();
}

}  // namespace ifrit::package

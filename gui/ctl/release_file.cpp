// SPDX-License-Identifier: Apache-2.0
#include "gui/ctl/release_file.h"

#include "shared/base/status.h"
#include "shared/config/toml_section.h"
#include "shared/domain/enum_names.h"

namespace ifrit::gui::ctl {
namespace {

using config::TomlSection;

void readAction(TomlSection& top, domain::DesiredAction& action) {
    std::string name;
    top.read("action", name);
    if (name.empty()) return;
    if (const auto known = domain::fromName<domain::DesiredAction>(name)) {
        action = *known;
    } else {
        top.reject("action", "must be install, uninstall or uninstall-purge");
    }
}

}  // namespace

absl::StatusOr<domain::ReleaseSpec> parseReleaseFile(std::string_view toml,
                                                     std::string_view source) {
    const config::TomlRules rules{"RELEASE_FILE"};
    IFRIT_ASSIGN_OR_RETURN(const toml::table table, config::parseToml(toml, source, rules));
    TomlSection top(table, source, "", rules);
    domain::ReleaseSpec spec;
    top.read("agent", spec.agent);
    top.read("version", spec.version);
    readAction(top, spec.action);
    top.read("machine_types", spec.machineTypes);
    top.read("soak", spec.soak);
    top.read("machine_deadline", spec.machineDeadline);
    top.read("auto_verify", spec.autoVerify);
    if (const toml::table* gray = top.section("gray")) {
        TomlSection in(*gray, top, "gray");
        in.read("uuids", spec.gray.uuids);
        in.read("pin", spec.gray.pin);
        in.read("labels", spec.gray.labels);
        top.note(in.finish());
    }
    IFRIT_RETURN_IF_ERROR(top.finish());
    return spec;
}

}  // namespace ifrit::gui::ctl

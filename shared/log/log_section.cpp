// SPDX-License-Identifier: Apache-2.0
#include "shared/log/log_section.h"

namespace ifrit::log {

void readLog(config::TomlSection& top, Options& options) {
    const toml::table* table = top.section("log");
    if (table == nullptr) return;
    config::TomlSection section(*table, top, "log");
    std::string level = "info";
    std::string format = "text";
    section.read("level", level);
    section.read("format", format);
    section.read("file", options.file);
    if (const auto known = levelFromName(level)) {
        options.level = *known;
    } else {
        section.reject("level", "must be trace, debug, info, warning, error or off");
    }
    if (const auto known = formatFromName(format)) {
        options.format = *known;
    } else {
        section.reject("format", "must be text or json");
    }
    top.note(section.finish());
}

}  // namespace ifrit::log

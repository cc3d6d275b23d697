// SPDX-License-Identifier: Apache-2.0
#include "gui/ctl/release_file.h"

#include <toml++/toml.h>

#include <functional>
#include <map>

#include "shared/base/status.h"
#include "shared/domain/enum_names.h"
#include "shared/package/duration.h"

namespace ifrit::gui::ctl {
namespace {

/// Walks one table: each key has a reader, any other key is an error.
class TableReader {
public:
    using ReadKey = std::function<absl::Status(const toml::node&)>;
    explicit TableReader(std::string_view source) : m_source(source) {}

    absl::Status refuse(const toml::node& node, std::string_view why) const {
        return base::invalidArgument("RELEASE_FILE", m_source, "{}:{}: {}", m_source,
                                     node.source().begin.line, why);
    }

    absl::Status read(const toml::table& table, const std::map<std::string, ReadKey>& keys) const {
        for (const auto& [key, node] : table) {
            const auto found = keys.find(std::string(key.str()));
            if (found == keys.end()) {
                std::string known;
                for (const auto& [name, reader] : keys)
                    known += (known.empty() ? "" : ", ") + name;
                return refuse(node,
                              fmt::format("unknown key '{}'; known here: {}", key.str(), known));
            }
            IFRIT_RETURN_IF_ERROR(found->second(node));
        }
        return absl::OkStatus();
    }

    ReadKey text(const char* key, std::string& out) const {
        return [this, key, &out](const toml::node& node) {
            if (!node.is_string()) return refuse(node, fmt::format("'{}' must be a text", key));
            out = node.as_string()->get();
            return absl::OkStatus();
        };
    }

    ReadKey texts(const char* key, std::vector<std::string>& out) const {
        return [this, key, &out](const toml::node& node) {
            const toml::array* array = node.as_array();
            if (array == nullptr || !array->is_homogeneous(toml::node_type::string)) {
                return refuse(node, fmt::format("'{}' must be a list of texts", key));
            }
            for (const toml::node& item : *array)
                out.push_back(item.as_string()->get());
            return absl::OkStatus();
        };
    }

    ReadKey duration(const char* key, std::chrono::milliseconds& out) const {
        return [this, key, &out](const toml::node& node) -> absl::Status {
            const std::string value = node.value_or(std::string());
            const auto parsed = package::parseDuration(value);
            if (!parsed.ok()) {
                return refuse(node, fmt::format("'{}' must be a duration as \"10m\"", key));
            }
            out = *parsed;
            return absl::OkStatus();
        };
    }

    ReadKey labels(const char* key, std::map<std::string, std::string>& out) const {
        return [this, key, &out](const toml::node& node) -> absl::Status {
            const toml::table* table = node.as_table();
            if (table == nullptr) return refuse(node, fmt::format("'{}' must be a table", key));
            for (const auto& [label, value] : *table) {
                if (!value.is_string()) return refuse(value, "a label's value must be a text");
                out.emplace(label.str(), value.as_string()->get());
            }
            return absl::OkStatus();
        };
    }

    ReadKey flag(const char* key, bool& out) const {
        return [this, key, &out](const toml::node& node) {
            if (!node.is_boolean()) {
                return refuse(node, fmt::format("'{}' must be true or false", key));
            }
            out = node.as_boolean()->get();
            return absl::OkStatus();
        };
    }

private:
    std::string m_source;
};

}  // namespace

absl::StatusOr<domain::ReleaseSpec> parseReleaseFile(std::string_view toml,
                                                     std::string_view source) {
    const TableReader reader(source);
    toml::table root;
    try {
        root = toml::parse(toml);
    } catch (const toml::parse_error& error) {
        return base::invalidArgument("RELEASE_FILE", source, "{}:{}: not TOML: {}", source,
                                     error.source().begin.line, error.description());
    }
    domain::ReleaseSpec spec;
    const auto action = [&](const toml::node& node) -> absl::Status {
        const auto known = domain::fromName<domain::DesiredAction>(node.value_or(std::string()));
        if (!known.has_value()) {
            return reader.refuse(node, "'action' must be install, uninstall or uninstall-purge");
        }
        spec.action = *known;
        return absl::OkStatus();
    };
    const auto gray = [&](const toml::node& node) -> absl::Status {
        if (!node.is_table()) return reader.refuse(node, "[gray] must be a table");
        return reader.read(*node.as_table(),
                           {{"uuids", reader.texts("uuids", spec.gray.uuids)},
                            {"pin", reader.text("pin", spec.gray.pin)},
                            {"labels", reader.labels("labels", spec.gray.labels)}});
    };
    IFRIT_RETURN_IF_ERROR(reader.read(
        root, {{"agent", reader.text("agent", spec.agent)},
               {"version", reader.text("version", spec.version)},
               {"action", action},
               {"machine_types", reader.texts("machine_types", spec.machineTypes)},
               {"soak", reader.duration("soak", spec.soak)},
               {"machine_deadline", reader.duration("machine_deadline", spec.machineDeadline)},
               {"auto_verify", reader.flag("auto_verify", spec.autoVerify)},
               {"gray", gray}}));
    return spec;
}

}  // namespace ifrit::gui::ctl

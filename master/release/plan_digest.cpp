// SPDX-License-Identifier: Apache-2.0
#include "master/release/plan_digest.h"

#include <fmt/format.h>

#include <string_view>

#include "shared/crypto/sha256.h"
#include "shared/domain/enum_names.h"

namespace ifrit::master::release {
namespace {

class Text {
public:
    Text& add(std::string_view field) {
        m_text += fmt::format("{}:{};", field.size(), field);
        return *this;
    }
    Text& add(std::int64_t number) { return add(std::to_string(number)); }
    const std::string& get() const { return m_text; }

private:
    std::string m_text;
};

void addTarget(Text& text, const Target& target) {
    text.add(domain::nameOf(target.action)).add(target.version).add(target.digest);
}

}  // namespace

std::string planDigest(const domain::ReleaseSpec& spec, const StartInput& start) {
    Text text;
    text.add(spec.agent).add(spec.soak.count()).add(spec.machineDeadline.count());
    text.add(spec.autoVerify ? "auto" : "by hand");
    for (const auto& [type, target] : start.targets) {
        text.add("target").add(type);
        addTarget(text, target);
    }
    for (const auto& [type, previous] : start.previous) {
        text.add("previous").add(type).add(previous ? "was" : "none");
        if (previous) addTarget(text, *previous);
    }
    for (const auto& machine : start.machines) {
        text.add("machine").add(machine.uuid).add(machine.machineType);
        text.add(domain::nameOf(machine.stage)).add(machine.batch).add(machine.fromVersion);
    }
    return crypto::sha256Hex(text.get());
}

}  // namespace ifrit::master::release

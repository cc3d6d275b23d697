// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cerrno>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "agent/platform/linux/cgroup_files.h"

namespace ifrit::tests {

/// The kernel's rules for control groups of version 2, in memory: which files there are follows
/// from the controllers that were handed down, a group that hands some down has no processes, and
/// one that is not empty cannot be removed. For one thread.
class FakeCgroups final : public agent::platform::CgroupFiles {
public:
    struct Group {
        std::set<int> pids;
        std::set<std::string> handedDown;
        std::map<std::string, std::string> files;
    };
    std::map<std::string, Group> groups;
    bool hasKill = true;  ///< Linux 5.14

    /// `controllers`: those that the topmost groups have.
    explicit FakeCgroups(const std::set<std::string>& controllers) {
        groups["/"].handedDown = controllers;
    }

    absl::StatusOr<std::string> read(const std::string& group,
                                     const std::string& file) const override {
        const auto found = groups.find(group);
        if (found == groups.end()) return absl::NotFoundError(group);
        const Group& one = found->second;
        if (file == "cgroup.procs") return lines(one.pids);
        if (file == "cgroup.subtree_control") return lines(one.handedDown);
        if (file == "cgroup.events")
            return "populated " + std::to_string(isPopulated(group) ? 1 : 0) + "\nfrozen 0\n";
        const auto text = one.files.find(file);
        if (text == one.files.end()) return absl::NotFoundError(group + ' ' + file);
        return text->second;
    }

    absl::Status write(const std::string& group, const std::string& file,
                       std::string_view text) override {
        const auto found = groups.find(group);
        if (found == groups.end()) return absl::NotFoundError(group);
        Group& one = found->second;
        if (file == "cgroup.procs") return move(std::stoi(std::string(text)), group);
        if (file == "cgroup.subtree_control") return handDown(group, std::string(text));
        if (file == "cgroup.kill" && hasKill) {
            one.pids.clear();
            return absl::OkStatus();
        }
        if (one.files.count(file) == 0) return base::errnoStatus(ENOENT, group + ' ' + file);
        one.files[file] = std::string(text) + '\n';
        return absl::OkStatus();
    }

    absl::Status make(const std::string& group) override {
        if (groups.count(group) > 0) return absl::OkStatus();
        if (groups.count(parentOf(group)) == 0) return base::errnoStatus(ENOENT, group);
        groups[group].files["cpu.stat"] = "usage_usec 0\n";
        for (const std::string& controller : groups[parentOf(group)].handedDown)
            addFiles(groups[group], controller);
        return absl::OkStatus();
    }

    absl::Status remove(const std::string& group) override {
        if (groups.count(group) == 0) return absl::OkStatus();
        if (!groups[group].pids.empty() || !children(group).empty())
            return base::errnoStatus(EBUSY, group);
        groups.erase(group);
        return absl::OkStatus();
    }

    std::vector<std::string> children(const std::string& group) const override {
        std::vector<std::string> names;
        for (const auto& [path, one] : groups)
            if (path != "/" && parentOf(path) == group)
                names.push_back(path.substr(path.rfind('/') + 1));
        return names;
    }

private:
    template <typename Set>
    static std::string lines(const Set& values) {
        std::ostringstream text;
        for (const auto& value : values)
            text << value << '\n';
        return text.str();
    }
    static std::string parentOf(const std::string& group) {
        const std::string parent = group.substr(0, group.rfind('/'));
        return parent.empty() ? "/" : parent;
    }
    bool isPopulated(const std::string& group) const {
        for (const auto& [path, one] : groups)
            if ((path == group || path.rfind(group + '/', 0) == 0) && !one.pids.empty())
                return true;
        return false;
    }
    static std::vector<std::pair<std::string, std::string>> filesOf(const std::string& controller) {
        if (controller == "memory")
            return {{"memory.max", "max\n"},
                    {"memory.swap.max", "max\n"},
                    {"memory.oom.group", "0\n"},
                    {"memory.events", "low 0\nmax 0\noom 0\noom_kill 0\n"}};
        if (controller == "cpu") return {{"cpu.max", "max 100000\n"}};
        if (controller == "pids") return {{"pids.max", "max\n"}, {"pids.events", "max 0\n"}};
        return {};
    }
    static void addFiles(Group& group, const std::string& controller) {
        for (const auto& [name, text] : filesOf(controller))
            group.files[name] = text;
    }

    absl::Status move(int pid, const std::string& to) {
        if (to != "/" && !groups[to].handedDown.empty()) return base::errnoStatus(EBUSY, to);
        for (auto& [path, one] : groups)
            one.pids.erase(pid);
        groups[to].pids.insert(pid);
        return absl::OkStatus();
    }
    absl::Status handDown(const std::string& group, const std::string& text) {
        const std::string controller = text.substr(1);
        if (text[0] == '-') {
            groups[group].handedDown.erase(controller);
            for (const std::string& child : children(group))
                for (const auto& [name, ignored] : filesOf(controller))
                    groups[group + '/' + child].files.erase(name);
            return absl::OkStatus();
        }
        if (groups[parentOf(group)].handedDown.count(controller) == 0)
            return base::errnoStatus(ENOENT, group);
        if (!groups[group].pids.empty()) return base::errnoStatus(EBUSY, group);
        if (!groups[group].handedDown.insert(controller).second) return absl::OkStatus();
        for (const std::string& child : children(group))
            addFiles(groups[group + '/' + child], controller);
        return absl::OkStatus();
    }
};

}  // namespace ifrit::tests

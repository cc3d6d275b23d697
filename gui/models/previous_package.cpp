// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/previous_package.h"

#include <algorithm>

#include "shared/filter/version_order.h"

namespace ifrit::gui::models {
namespace {

using services::PackageInfo;

bool isFor(const PackageInfo& package, const std::string& machineType) {
    const auto& types = package.machineTypes;
    return std::find(types.begin(), types.end(), machineType) != types.end();
}

const PackageInfo* newestBefore(const PackageInfo& package, const std::string& machineType,
                                const std::vector<PackageInfo>& candidates) {
    const PackageInfo* best = nullptr;
    for (const PackageInfo& one : candidates) {
        if (one.agent != package.agent || !isFor(one, machineType)) continue;
        if (filter::compareVersions(one.version, package.version) >= 0) continue;
        if (best == nullptr || filter::compareVersions(one.version, best->version) > 0) best = &one;
    }
    return best;
}

}  // namespace

std::vector<PreviousPackage> previousOf(const PackageInfo& package,
                                        const std::vector<PackageInfo>& candidates) {
    std::vector<PreviousPackage> out;
    for (const std::string& type : package.machineTypes) {
        const PackageInfo* best = newestBefore(package, type, candidates);
        if (best == nullptr) continue;
        const auto same = std::find_if(out.begin(), out.end(), [&](const PreviousPackage& one) {
            return one.package.manifestDigest == best->manifestDigest;
        });
        if (same == out.end()) {
            out.push_back({*best, {type}});
        } else {
            same->machineTypes.push_back(type);
        }
    }
    std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
        return a.machineTypes.size() > b.machineTypes.size();
    });
    return out;
}

}  // namespace ifrit::gui::models

// SPDX-License-Identifier: Apache-2.0
#include "gui/ctl/campaign_file.h"

#include <filesystem>

#include "shared/base/status.h"
#include "shared/config/toml_section.h"
#include "shared/domain/campaign.h"

namespace ifrit::gui::ctl {
namespace {

using config::Presence;
using config::TomlSection;

std::string inDirectory(const std::string& directory, const std::string& file) {
    if (file.empty() || std::filesystem::path(file).is_absolute()) return file;
    return (std::filesystem::path(directory) / file).string();
}

void readCluster(TomlSection& top, const toml::table& table, const std::string& common,
                 const std::string& directory, CampaignFile& out) {
    TomlSection in(table, top, "clusters");
    CampaignFile::Cluster cluster;
    std::string release = common;
    in.read("context", cluster.context, Presence::Required);
    in.read("release", release);
    if (release.empty())
        in.reject("release", "name a release file here, or one for all clusters above them");
    cluster.releaseFile = inDirectory(directory, release);
    out.clusters.push_back(std::move(cluster));
    top.note(in.finish());
}

}  // namespace

absl::StatusOr<CampaignFile> parseCampaignFile(std::string_view toml, std::string_view source,
                                               const std::string& directory) {
    const config::TomlRules rules{"CAMPAIGN_FILE"};
    IFRIT_ASSIGN_OR_RETURN(const toml::table table, config::parseToml(toml, source, rules));
    TomlSection top(table, source, "", rules);
    CampaignFile out;
    std::string release;
    top.read("name", out.name, Presence::Required);
    top.read("settle", out.settle);
    top.read("expires_in", out.expiresIn, domain::kMaxCampaignLife);
    top.read("release", release);
    const toml::array* clusters = top.sections("clusters", Presence::Required);
    if (clusters != nullptr) {
        for (const toml::node& node : *clusters)
            readCluster(top, *node.as_table(), release, directory, out);
        if (clusters->size() < 2 || clusters->size() > domain::kMaxCampaignClusters)
            top.reject("clusters", "a campaign has 2 to 64 clusters; for one make a release");
    }
    IFRIT_RETURN_IF_ERROR(top.finish());
    return out;
}

}  // namespace ifrit::gui::ctl

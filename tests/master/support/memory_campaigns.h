// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

#include "shared/base/status.h"
#include "tests/master/support/memory_database.h"

namespace ifrit::master::storage {

class MemoryCampaigns final : public CampaignStore {
public:
    explicit MemoryCampaigns(MemoryDatabase::State& state) : m_state(state) {}

    absl::StatusOr<std::uint64_t> nextNumber() override { return ++m_state.campaignNumber; }
    absl::Status add(const CampaignRecord& record) override {
        if (!m_state.campaigns.emplace(record.id, record).second)
            return base::makeError(absl::StatusCode::kAlreadyExists, "CAMPAIGN_EXISTS", record.id,
                                   "it is here");
        return absl::OkStatus();
    }
    absl::Status update(const CampaignRecord& record) override {
        const auto found = m_state.campaigns.find(record.id);
        if (found == m_state.campaigns.end())
            return base::notFound("CAMPAIGN_UNKNOWN", record.id, "no campaign {}", record.id);
        CampaignRecord next = record;
        next.document = found->second.document;
        found->second = std::move(next);
        return absl::OkStatus();
    }
    absl::StatusOr<std::optional<CampaignRecord>> find(const std::string& id) override {
        const auto found = m_state.campaigns.find(id);
        if (found == m_state.campaigns.end()) return std::optional<CampaignRecord>();
        return std::optional<CampaignRecord>(found->second);
    }
    absl::StatusOr<std::optional<CampaignRecord>> findByRelease(
        const std::string& releaseId) override {
        for (const auto& [id, record] : m_state.campaigns) {
            if (record.releaseId == releaseId) return std::optional(bare(record));
        }
        return std::optional<CampaignRecord>();
    }
    absl::StatusOr<std::vector<CampaignRecord>> list(std::uint64_t below,
                                                     std::size_t limit) override {
        std::vector<CampaignRecord> out;
        for (const auto& [id, record] : m_state.campaigns) {
            if (record.number < below) out.push_back(record);
        }
        std::sort(out.begin(), out.end(),
                  [](const auto& a, const auto& b) { return a.number > b.number; });
        if (out.size() > limit) out.resize(limit);
        return out;
    }
    absl::StatusOr<std::vector<CampaignRecord>> listOpen() override {
        std::vector<CampaignRecord> out;
        for (const auto& [id, record] : m_state.campaigns) {
            if (record.open) out.push_back(bare(record));
        }
        return out;
    }

private:
    static CampaignRecord bare(CampaignRecord record) {
        record.document.clear();
        return record;
    }
    MemoryDatabase::State& m_state;
};

}  // namespace ifrit::master::storage

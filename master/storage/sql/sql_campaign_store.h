// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "master/storage/campaign_store.h"
#include "master/storage/sql/connection.h"

namespace ifrit::master::storage::sql {

/// Table campaigns.
class SqlCampaignStore final : public CampaignStore {
public:
    explicit SqlCampaignStore(Connection& connection) : m_connection(connection) {}

    absl::StatusOr<std::uint64_t> nextNumber() override;
    absl::Status add(const CampaignRecord& record) override;
    absl::Status update(const CampaignRecord& record) override;
    absl::StatusOr<std::optional<CampaignRecord>> find(const std::string& id) override;
    absl::StatusOr<std::optional<CampaignRecord>> findByRelease(
        const std::string& releaseId) override;
    absl::StatusOr<std::vector<CampaignRecord>> list(std::uint64_t below,
                                                     std::size_t limit) override;
    absl::StatusOr<std::vector<CampaignRecord>> listOpen() override;

private:
    enum class Document { Read, Leave };
    absl::StatusOr<std::vector<CampaignRecord>> select(Document document, const std::string& rest,
                                                       const Values& values);

    Connection& m_connection;
};

}  // namespace ifrit::master::storage::sql

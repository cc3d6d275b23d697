// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>

#include "master/storage/database.h"
#include "master/storage/sql/sql_audit_store.h"
#include "master/storage/sql/sql_campaign_store.h"
#include "master/storage/sql/sql_change_store.h"
#include "master/storage/sql/sql_desired_store.h"
#include "master/storage/sql/sql_grant_store.h"
#include "master/storage/sql/sql_machine_store.h"
#include "master/storage/sql/sql_master_store.h"
#include "master/storage/sql/sql_package_store.h"
#include "master/storage/sql/sql_presence_store.h"
#include "master/storage/sql/sql_release_store.h"
#include "master/storage/sql/sql_trust_stores.h"

namespace ifrit::master::storage::sql {

/// All stores on one connection. Cheap to make: they hold nothing but the connection.
class SqlTransaction final : public Transaction {
public:
    explicit SqlTransaction(Connection& connection)
        : m_machines(connection),
          m_packages(connection),
          m_desired(connection),
          m_releases(connection),
          m_audit(connection),
          m_requests(connection),
          m_operators(connection),
          m_tokens(connection),
          m_certificates(connection),
          m_settings(connection),
          m_masters(connection),
          m_changes(connection),
          m_campaigns(connection),
          m_grants(connection),
          m_presences(connection) {}

    MachineStore& machines() override { return m_machines; }
    PackageStore& packages() override { return m_packages; }
    DesiredStore& desired() override { return m_desired; }
    ReleaseStore& releases() override { return m_releases; }
    AuditStore& audit() override { return m_audit; }
    RequestStore& requests() override { return m_requests; }
    OperatorStore& operators() override { return m_operators; }
    TokenStore& tokens() override { return m_tokens; }
    CertificateStore& certificates() override { return m_certificates; }
    SettingsStore& settings() override { return m_settings; }
    MasterStore& masters() override { return m_masters; }
    ChangeStore& changes() override { return m_changes; }
    CampaignStore& campaigns() override { return m_campaigns; }
    GrantStore& grants() override { return m_grants; }
    PresenceStore& presences() override { return m_presences; }

    using Afterwards = std::map<std::string, std::function<void()>>;
    void afterCommit(const std::string& what, std::function<void()> done) override {
        m_afterwards.emplace(what, std::move(done));
    }
    Afterwards takeAfterwards() { return std::exchange(m_afterwards, {}); }

private:
    SqlMachineStore m_machines;
    SqlPackageStore m_packages;
    SqlDesiredStore m_desired;
    SqlReleaseStore m_releases;
    SqlAuditStore m_audit;
    SqlRequestStore m_requests;
    SqlOperatorStore m_operators;
    SqlTokenStore m_tokens;
    SqlCertificateStore m_certificates;
    SqlSettingsStore m_settings;
    SqlMasterStore m_masters;
    SqlChangeStore m_changes;
    SqlCampaignStore m_campaigns;
    SqlGrantStore m_grants;
    SqlPresenceStore m_presences;
    Afterwards m_afterwards;
};

}  // namespace ifrit::master::storage::sql

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>

#include <functional>
#include <string>

#include "master/storage/audit_store.h"
#include "master/storage/campaign_store.h"
#include "master/storage/certificate_store.h"
#include "master/storage/change_store.h"
#include "master/storage/desired_store.h"
#include "master/storage/grant_store.h"
#include "master/storage/machine_store.h"
#include "master/storage/master_store.h"
#include "master/storage/operator_store.h"
#include "master/storage/package_store.h"
#include "master/storage/presence_store.h"
#include "master/storage/release_store.h"
#include "master/storage/settings_store.h"
#include "master/storage/token_store.h"

namespace ifrit::master::storage {

/// The stores inside one transaction. It and they are valid only during the call that got it, on
/// that thread.
class Transaction {
public:
    virtual ~Transaction() = default;

    virtual MachineStore& machines() = 0;
    virtual PackageStore& packages() = 0;
    virtual DesiredStore& desired() = 0;
    virtual ReleaseStore& releases() = 0;
    virtual AuditStore& audit() = 0;
    virtual RequestStore& requests() = 0;
    virtual OperatorStore& operators() = 0;
    virtual TokenStore& tokens() = 0;
    virtual CertificateStore& certificates() = 0;
    virtual SettingsStore& settings() = 0;
    virtual MasterStore& masters() = 0;
    virtual ChangeStore& changes() = 0;
    virtual CampaignStore& campaigns() = 0;
    virtual GrantStore& grants() = 0;
    virtual PresenceStore& presences() = 0;

    /// Done once it is committed, on the thread that called Database::transact(), before that
    /// returns; not where it was rolled back, or is not known to be committed. Once of each `what`,
    /// however often it is asked for.
    virtual void afterCommit(const std::string& what, std::function<void()> done) = 0;
};

/// The truth of a cluster. Thread-safe; calls block the caller for the disk, and never call back
/// into the database from `work` (that would wait for itself).
///
/// Errors of the database itself: UNAVAILABLE (DATABASE_AWAY) when it cannot be reached or stays
/// locked, DATA_LOSS (DATABASE_BROKEN) when it is damaged, RESOURCE_EXHAUSTED (DISK_FULL). Errors
/// that a store's method names come back as they are.
class Database {
public:
    using Work = std::function<absl::Status(Transaction&)>;

    virtual ~Database() = default;

    /// Runs `work` in one transaction: committed and on disk when this returns OK; any error, of
    /// `work` too, leaves nothing of it. After a lost lock or deadlock `work` is run again, so it
    /// must do nothing outside of the transaction but set its results.
    virtual absl::Status transact(const Work& work) = 0;
    /// One consistent view; writing in it is an error.
    virtual absl::Status read(const Work& work) = 0;
};

}  // namespace ifrit::master::storage

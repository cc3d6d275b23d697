// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "shared/bundle/bundle.h"
#include "shared/crypto/certificates.h"

namespace ifrit::tests {

/// The certificates of a cluster as ifrit-master makes them, valid from `now` of the test's clock.
class ClusterPki {
public:
    ClusterPki(std::string cluster, base::WallTime now)
        : m_cluster(std::move(cluster)),
          m_now(now),
          m_ca(certain(crypto::createCa(m_cluster, now, std::chrono::hours(24 * 3'650)))) {}
    const std::string& caPem() const { return m_ca.certificatePem; }
    crypto::Credentials issue(crypto::Role role, const std::string& name,
                              std::chrono::hours validity,
                              std::vector<std::string> hosts = {}) const {
        return certain(
            crypto::issue(m_ca, {role, m_cluster, name, std::move(hosts), m_now, validity}));
    }
    std::string server(std::chrono::hours validity = std::chrono::hours(24 * 825)) const {
        return issue(crypto::Role::Server, "m1", validity).certificatePem;
    }
    /// CA and an operator's certificate into a bundle.
    void fill(bundle::Bundle& bundle, const std::string& user,
              std::chrono::hours validity = std::chrono::hours(24 * 365)) const {
        const crypto::Credentials own = issue(crypto::Role::Operator, user, validity);
        bundle.cluster = m_cluster;
        bundle.caPem = caPem();
        bundle.certificatePem = own.certificatePem;
        bundle.privateKeyPem = own.privateKeyPem;
    }

private:
    static crypto::Credentials certain(absl::StatusOr<crypto::Credentials> made) {
        if (!made.ok()) qFatal("%s", made.status().ToString().c_str());
        return *std::move(made);
    }
    std::string m_cluster;
    base::WallTime m_now;
    crypto::Credentials m_ca;
};

}  // namespace ifrit::tests

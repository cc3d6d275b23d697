// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "shared/audit/signed_head.h"
#include "shared/bundle/bundle.h"

namespace ifrit::tests {

/// A cluster that signs heads, as its masters would: a real CA and a signer of it.
class SigningCluster {
public:
    explicit SigningCluster(const std::string& name = "demo")
        : m_name(name),
          m_now(base::SystemClock().now()),
          m_ca(crypto::createCa(name, m_now, std::chrono::hours(24)).value()),
          m_signer(crypto::StatementSigner::make(m_ca, name, "m1", m_now, std::chrono::hours(1))
                       .value()) {}

    audit::SignedHead head(std::uint64_t row, const std::string& hash) const {
        audit::SignedHead out;
        out.head = {m_name, row, hash, m_now + std::chrono::milliseconds(row)};
        out.signer = "m1";
        out.seal = m_signer.sign(audit::kHeadStatement, audit::statementOf(out.head)).value();
        return out;
    }
    audit::SignedHead head(std::uint64_t row) const {
        return head(row, std::string(32, static_cast<char>('a' + row % 20)));
    }
    bundle::Bundle bundle() const {
        return {m_name, "test", {"127.0.0.1:7443"}, m_ca.certificatePem, {}, {}};
    }

private:
    const std::string m_name;
    const base::WallTime m_now;
    const crypto::Credentials m_ca;
    const crypto::StatementSigner m_signer;
};

}  // namespace ifrit::tests

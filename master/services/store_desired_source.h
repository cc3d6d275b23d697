// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "master/compose/composer.h"
#include "master/services/store.h"

namespace ifrit::master::services {

/// The composer's view of a store.
class StoreDesiredSource final : public compose::DesiredSource {
public:
    explicit StoreDesiredSource(Store& store) : m_store(store) {}
    absl::StatusOr<std::uint64_t> generation() override;
    absl::StatusOr<compose::DesiredRows> read() override;

private:
    Store& m_store;
};

}  // namespace ifrit::master::services

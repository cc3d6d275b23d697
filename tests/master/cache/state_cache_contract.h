// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

#include "master/cache/state_cache.h"

namespace ifrit::master::cache {

/// Makes an empty cache of a cluster; called again, another view of the same store where the
/// implementation is shared, so that the suite also shows what a second master sees.
using MakeCache = std::function<std::unique_ptr<StateCache>()>;

// The contract of StateCache, one function for each promise. Run from a Qt Test slot, with a fresh
// store for each: failures are QVERIFY failures of that slot.
void checkPutAndRead(const MakeCache& make);
void checkUnchangedKeysKeepTheirGeneration(const MakeCache& make);
void checkGenerationNeverGoesBack(const MakeCache& make);
void checkBytesAreKeptExactly(const MakeCache& make);
void checkManyKeys(const MakeCache& make);
void checkListenersAreTold(const MakeCache& make);
void checkFreezeIsKept(const MakeCache& make);

// For caches that masters share.
void checkSecondMasterSeesTheSame(const MakeCache& make);
void checkSecondMasterIsTold(const MakeCache& make);
void checkRacingMastersAgree(const MakeCache& make);

}  // namespace ifrit::master::cache

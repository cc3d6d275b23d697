// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "shared/domain/release.h"

namespace ifrit::domain {

/// How many machines a verb reaches on a release that was started: those of the stages that it
/// opens, those that failed, those that were opened. The master compares what a caller expects
/// with it, and tells it, so that whoever asks a person asks for the same number. START and APPROVE
/// reach what their plan says and are not told here: 0. `stages` in their order; pure.
///
/// What only goes on by itself while a person reads does not change it, where the verb is for an
/// emergency: ABORT is about all machines, and ROLLBACK about those whose stage has opened,
/// whatever became of them; of one that runs on the master takes a smaller number, too, since
/// stages open meanwhile.
std::uint64_t reachedBy(ReleaseVerb verb, const std::vector<StageCounts>& stages,
                        const BatchPlan& batches);

/// Its share of that in one stage that the verb is about: of VERIFY, PROMOTE and PROMOTE_ALL those
/// that wait there. Pure.
std::uint64_t reachedIn(ReleaseVerb verb, const StageCounts& stage);

/// Which of `stages` a verb opens, in their order: of VERIFY and PROMOTE the next one, with the
/// batches before it that have no machine and make nobody wait; of PROMOTE_ALL all that are left;
/// of any other verb none. Pure.
std::vector<std::size_t> openedBy(ReleaseVerb verb, const std::vector<StageCounts>& stages,
                                  const BatchPlan& batches);

}  // namespace ifrit::domain

// SPDX-License-Identifier: Apache-2.0
#include "tests/master/storage/release_writes.h"

#include <fmt/format.h>

#include "tests/master/storage/contract_data.h"

namespace ifrit::master::storage {
namespace {

constexpr int kGray = 10'000;
constexpr std::uint32_t kBatches = 20;
constexpr int kGroups = 5;
/// The list alone is more than 370,000; pages and heads come with whatever is written.
constexpr std::uint64_t kMostOfAGroup = 64 * 1024;

release::Model largeRelease() {
    release::Model model = releaseOf("r-1", 1);
    model.release.spec.gray.uuids.clear();
    for (int i = 0; i < kGray; ++i)
        model.release.spec.gray.uuids.push_back(fmt::format("0d5c5c1e-0000-4000-8000-{:012d}", i));
    model.release.stages.resize(kBatches + 2);
    model.release.stages[0].kind = domain::StageKind::Gray;
    model.release.stages[0].targeted = kGray;
    model.release.stages[0].opened = at(1);
    for (std::uint32_t i = 1; i <= kBatches; ++i) {
        model.release.stages[i].kind = domain::StageKind::Batch;
        model.release.stages[i].batch = i;
        model.release.stages[i].targeted = 4'500;
        model.release.stages[i].outcomes = {{domain::Outcome::Pending, 4'500}};
    }
    model.acceptedBad.resize(model.release.stages.size());
    return model;
}

}  // namespace

void checkReportsOfAReleaseWriteLittle(const OpenDatabase& open,
                                       const std::function<std::uint64_t()>& written) {
    const auto database = open();
    release::Model model = largeRelease();
    const auto put = [&] {
        return database->transact([&](Transaction& t) { return t.releases().put(model); });
    };
    VERIFY_OK(put());
    model.release.state = domain::ReleaseState::Running;
    VERIFY_OK(put());
    const std::uint64_t before = written();
    for (std::uint32_t group = 1; group <= kGroups; ++group) {
        auto& stage = model.release.stages[0];
        stage.outcomes = {{domain::Outcome::Ok, group}, {domain::Outcome::Pending, kGray - group}};
        ++model.release.revision;
        VERIFY_OK(put());
    }
    const std::uint64_t each = (written() - before) / kGroups;
    qInfo("%llu bytes for each group", static_cast<unsigned long long>(each));
    QVERIFY2(each > 0 && each < kMostOfAGroup, fmt::format("{} bytes", each).c_str());
    std::optional<release::Model> found;
    VERIFY_OK(open()->read([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(found, t.releases().find("r-1"));
        return absl::OkStatus();
    }));
    QVERIFY(found == model);
}

}  // namespace ifrit::master::storage

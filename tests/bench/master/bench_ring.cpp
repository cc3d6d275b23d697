// SPDX-License-Identifier: Apache-2.0
// How evenly the ring of a new cluster spreads machines over batches, and how many change theirs
// when there is one batch more. No clock: the same figures on every machine.
//
//     bench_ring [MACHINES]
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "shared/domain/hash_ring.h"
#include "tests/bench/support/figure.h"

namespace {

using namespace ifrit;

std::vector<std::uint32_t> batchesOf(const domain::HashRing& ring, int machines) {
    std::vector<std::uint32_t> out;
    for (int i = 0; i < machines; ++i)
        out.push_back(ring.batchOf(fmt::format("machine-{:07}", i)));
    return out;
}

double largestToIdeal(const std::vector<std::uint32_t>& batches, std::uint32_t count) {
    std::vector<double> sizes(count + 1, 0);
    for (const std::uint32_t batch : batches)
        ++sizes.at(batch);
    return *std::max_element(sizes.begin(), sizes.end()) * count /
           static_cast<double>(batches.size());
}

}  // namespace

int main(int argc, char** argv) {
    const int machines = argc > 1 ? std::atoi(argv[1]) : 100'000;
    if (machines < 1'000 || machines > 10'000'000) {
        std::fputs("bench_ring takes 1000 to 10000000 machines\n", stderr);
        return 2;
    }
    bench::Figures figures;
    domain::RingSpec spec;
    spec.seed = 1;
    domain::RingSpec larger = spec;
    ++larger.batches;
    const auto before = batchesOf(domain::HashRing(spec), machines);
    const auto after = batchesOf(domain::HashRing(larger), machines);
    const std::string more =
        fmt::format("\"machines\": {}, \"batches\": {}", machines, spec.batches);
    figures.print("ring_largest_batch_to_ideal", largestToIdeal(before, spec.batches),
                  bench::atMost(1.05), "ratio", more);
    double moved = 0;
    for (std::size_t i = 0; i < before.size(); ++i)
        moved += before[i] != after[i] ? 1 : 0;
    figures.print("ring_moved_to_ideal", moved / machines * larger.batches, bench::atMost(1.05),
                  "ratio", more);
    return figures.exitCode();
}

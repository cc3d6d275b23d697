// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <memory>

#include "gui/ctl/commands.h"
#include "gui/ctl/shell.h"
#include "gui/ctl/text.h"
#include "gui/ctl/views.h"
#include "gui/ctl/whole_number.h"
#include "shared/base/status.h"
#include "shared/domain/hash_ring.h"
#include "shared/domain/names.h"
#include "shared/domain/ring_place.h"

namespace ifrit::gui::ctl {
namespace {

struct BatchRow {
    std::uint32_t batch = 0;
    double share = 0;  // of the ring
    std::uint64_t machines = 0;
};

struct Location {
    std::string uuid;
    std::uint64_t point = 0;
    std::uint64_t node = 0;  // the virtual node that names the batch
    std::uint32_t batch = 0;
};

struct LocateOptions {
    std::vector<std::string> uuids;
    domain::RingSpec ring;
    bool offline = false;
    bool seedGiven = false;
};

const View<BatchRow>& batchView() {
    static const View<BatchRow> kView = {
        {{"BATCH", Shown::Always, [](const auto& b) { return std::to_string(b.batch); }},
         {"SHARE", Shown::Always,
          [](const auto& b) { return fmt::format("{:.2f}%", b.share * 100); },
          [](const auto& b) { return fmt::format("{:.4f}", b.share * 100); }},
         {"MACHINES", Shown::Always, [](const auto& b) { return std::to_string(b.machines); }}},
        [](const auto& b) { return std::to_string(b.batch); },
        [](const auto& b) {
            return Json::object()
                .set("batch", b.batch)
                .set("share", b.share)
                .set("machines", b.machines);
        }};
    return kView;
}

const View<Location>& locationView() {
    static const View<Location> kView = {
        {{"UUID", Shown::Always, [](const auto& l) { return l.uuid; }},
         {"BATCH", Shown::Always, [](const auto& l) { return std::to_string(l.batch); }},
         {"POINT", Shown::Always, [](const auto& l) { return fmt::format("{:016x}", l.point); }},
         {"NEXT NODE", Shown::Always,
          [](const auto& l) { return fmt::format("{:016x}", l.node); }}},
        [](const auto& l) { return std::to_string(l.batch); },
        [](const auto& l) {
            // As text: JSON numbers do not hold 64 bits.
            return Json::object()
                .set("uuid", l.uuid)
                .set("batch", l.batch)
                .set("point", fmt::format("{:016x}", l.point))
                .set("node", fmt::format("{:016x}", l.node));
        }};
    return kView;
}

absl::StatusOr<domain::RingSpec> ringOfCluster(Shell& shell) {
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    IFRIT_ASSIGN_OR_RETURN(const services::ClusterSummary cluster,
                           shell.await<services::ClusterSummary>([&](auto reply) {
                               return session->fleet().getCluster(std::move(reply));
                           }));
    return domain::RingSpec{cluster.ringBatches, cluster.ringVirtualNodes, cluster.ringSeed};
}

std::vector<BatchRow> rowsOf(const domain::HashRing& ring) {
    const std::vector<domain::HashRing::Node> nodes = ring.nodes();
    const std::vector<double> shares = domain::sharesOf(nodes, ring.spec().batches);
    std::vector<BatchRow> out(shares.size());
    for (std::uint32_t i = 0; i < out.size(); ++i)
        out[i] = {i + 1, shares[i], 0};
    return out;
}

absl::Status show(Shell& shell) {
    IFRIT_ASSIGN_OR_RETURN(const domain::RingSpec spec, ringOfCluster(shell));
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    bool more = false;
    const auto fetch = [&](const services::PageRequest& page,
                           services::Reply<services::Page<services::MachineInfo>> reply) {
        return session->fleet().listMachines("", page,
                                             [reply](absl::StatusOr<services::MachineList> list) {
                                                 if (!list.ok()) return reply(list.status());
                                                 reply(std::move(list->page));
                                             });
    };
    IFRIT_ASSIGN_OR_RETURN(const std::vector<services::MachineInfo> machines,
                           shell.awaitPages<services::MachineInfo>(fetch, 0, more));
    const domain::HashRing ring(spec);
    std::vector<BatchRow> rows = rowsOf(ring);
    for (const services::MachineInfo& machine : machines)
        ++rows[ring.batchOf(machine.facts.uuid) - 1].machines;
    shell.print().list(batchView(), rows);
    shell.note(fmt::format("{} of {}, seed {}, {}", countOf(spec.batches, "batches"),
                           countOf(spec.virtualNodes, "virtual nodes"), spec.seed,
                           countOf(machines.size(), "machines")));
    return absl::OkStatus();
}

absl::Status locate(Shell& shell, const LocateOptions& options) {
    for (const std::string& uuid : options.uuids)
        if (const absl::Status good = domain::checkMachineUuid(uuid); !good.ok())
            return usage(base::messageOf(good));
    domain::RingSpec spec = options.ring;
    if (!options.offline) {
        IFRIT_ASSIGN_OR_RETURN(spec, ringOfCluster(shell));
    } else if (!options.seedGiven) {
        // With another seed every answer is another one.
        shell.note(
            fmt::format("computed for seed {}: a cluster has a seed of its own, which 'ring "
                        "show' prints; give it with --seed",
                        spec.seed));
    }
    const domain::HashRing ring(spec);
    const std::vector<domain::HashRing::Node> nodes = ring.nodes();
    std::vector<Location> rows;
    for (const std::string& uuid : options.uuids) {
        const domain::RingPlace place = domain::placeOf(ring, nodes, uuid);
        rows.push_back({uuid, place.point, place.node, place.batch});
    }
    shell.print().list(locationView(), rows);
    return absl::OkStatus();
}

}  // namespace

void addRingCommands(Shell& shell) {
    CLI::App& ring = shell.addNoun("ring", "The hash ring that puts machines into batches");
    shell.addVerb(ring, {"show", "Each batch's share and machines", "ifritctl ring show"},
                  [&shell] { return show(shell); });
    const auto options = std::make_shared<LocateOptions>();
    CLI::App& verb = shell.addVerb(
        ring,
        {"locate", "The batch of a machine, and why",
         "ifritctl ring locate i-0c77b2\n  "
         "ifritctl ring locate i-0c77b2 --batches 20 --virtual-nodes 8192 --seed 4711   # offline"},
        [&shell, options] { return locate(shell, *options); });
    verb.add_option("UUID", options->uuids, "Machines")->required();
    CLI::Option* batches =
        verb.add_option("--batches", options->ring.batches,
                        "Of this ring instead of the cluster's: no call is made");
    batches->type_name("N")
        ->check(wholeNumber(1, domain::kMaxBatches))
        ->each([options](const std::string&) { options->offline = true; });
    verb.add_option("--virtual-nodes", options->ring.virtualNodes, "Of each batch (8192)")
        ->type_name("V")
        ->check(wholeNumber(1, 65'536))
        ->needs(batches);
    verb.add_option("--seed", options->ring.seed, "As ring show prints it")
        ->type_name("SEED")
        ->check(wholeNumber())
        ->needs(batches)
        ->each([options](const std::string&) { options->seedGiven = true; });
}

}  // namespace ifrit::gui::ctl

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>
#include <grpcpp/channel.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gui/rpc/gui_hop.h"
#include "gui/rpc/line_race.h"
#include "gui/rpc/rpc_options.h"
#include "gui/services/connection.h"
#include "ifrit/v1/access.grpc.pb.h"
#include "ifrit/v1/audit.grpc.pb.h"
#include "ifrit/v1/audit_heads.grpc.pb.h"
#include "ifrit/v1/campaigns.grpc.pb.h"
#include "ifrit/v1/fleet.grpc.pb.h"
#include "ifrit/v1/packages.grpc.pb.h"
#include "ifrit/v1/releases.grpc.pb.h"
#include "ifrit/v1/sessions.grpc.pb.h"
#include "shared/base/clock.h"

namespace ifrit::gui::rpc {

/// The services of one master. Immutable once made; stubs are thread-safe.
struct MasterStubs {
    std::string address;
    std::shared_ptr<grpc::Channel> channel;
    std::unique_ptr<v1::Sessions::Stub> sessions;
    std::unique_ptr<v1::Clusters::Stub> clusters;
    std::unique_ptr<v1::Machines::Stub> machines;
    std::unique_ptr<v1::Agents::Stub> agents;
    std::unique_ptr<v1::Events::Stub> events;
    std::unique_ptr<v1::Packages::Stub> packages;
    std::unique_ptr<v1::Releases::Stub> releases;
    std::unique_ptr<v1::Campaigns::Stub> campaigns;
    std::unique_ptr<v1::Audit::Stub> audit;
    std::unique_ptr<v1::AuditHeads::Stub> auditHeads;
    std::unique_ptr<v1::Access::Stub> access;

    /// A master may have been shaken hands with anew, and older calls go on over the old line.
    bool isSameMaster(const MasterStubs& other) const { return address == other.address; }
};

/// The masters of one cluster, one of them in use. Channels are made when first needed. Session's
/// thread only.
class Masters {
public:
    struct Parts {
        const services::ConnectionProfile& profile;
        const RpcOptions& options;
        const base::Clock& clock;
        std::shared_ptr<GuiHop> hop;
        /// The master of these stubs does not answer any more and another one is in use.
        std::function<void(const std::shared_ptr<MasterStubs>&)> left;
    };
    using Found = std::function<void(const absl::StatusOr<std::shared_ptr<MasterStubs>>&)>;

    explicit Masters(Parts parts);
    Masters(const Masters&) = delete;
    Masters& operator=(const Masters&) = delete;
    /// Ends what it is about; no thread of it is left.
    ~Masters();

    /// The one in use, whether or not it answers. Null when the profile names no address.
    std::shared_ptr<MasterStubs> current();
    /// One whose line stands, for one call: of several masters the first that shakes hands, which
    /// is in use from then on; a sole one as it is. UNAVAILABLE after `limit` without one, when
    /// nothing was asked of any. INVALID_ARGUMENT (BUNDLE_INVALID): no line can stand by this
    /// profile. `found` is called once, at once where a line stands already.
    void find(std::chrono::milliseconds limit, Found found);
    /// Turns to the next address, when `failed` is still the one in use.
    void moveOnFrom(const std::shared_ptr<MasterStubs>& failed);
    /// Turns to the address number `index` of the profile.
    void use(std::size_t index);
    /// A call over `stubs` has no answer for suspiciously long, or a heartbeat is overdue: unless
    /// that master said something else meanwhile, it must shake hands anew, and is left where
    /// another one is quicker to.
    void suspect(const std::shared_ptr<MasterStubs>& stubs);
    /// The master of `stubs` said something.
    void heard(const std::shared_ptr<MasterStubs>& stubs);
    /// Since the one in use said anything.
    base::SteadyTime::duration silence() const { return m_parts.clock.steadyNow() - m_heard; }
    /// Calls that still wait for a line are forgotten.
    void giveUp();
    std::string address() const;
    bool areSeveral() const { return m_parts.profile.bundle.addresses.size() > 1; }

private:
    enum class Why { NoLine, Suspicion };
    struct Race {
        std::uint64_t id = 0;
        Why why = Why::NoLine;
        std::vector<std::size_t> order;  ///< of addresses
        std::vector<std::shared_ptr<MasterStubs>> runners;
    };

    void startRace(Why why);
    void raced(std::uint64_t race, std::optional<std::size_t> ready);
    void endRace();
    void goOn();
    bool isInUse(const std::shared_ptr<MasterStubs>& stubs) const;
    void waitedTooLong(std::uint64_t waiter, std::chrono::milliseconds limit);

    Parts m_parts;
    std::vector<std::shared_ptr<MasterStubs>> m_stubs;
    std::optional<absl::Status> m_pems;  ///< of the bundle, once they were looked at
    std::size_t m_index = 0;
    std::optional<Race> m_race;  ///< whose end is waited for
    /// Those whose threads have not said yet that they are over, given up ones among them.
    std::map<std::uint64_t, LineRace> m_running;
    std::uint64_t m_nextRace = 1;
    std::map<std::uint64_t, Found> m_waiters;
    std::uint64_t m_nextWaiter = 1;
    base::SteadyTime m_heard;
    std::optional<base::SteadyTime> m_suspected;
    std::shared_ptr<Masters*> m_alive = std::make_shared<Masters*>(this);
};

/// UNAVAILABLE, NO_ADDRESS.
absl::Status noAddress();

}  // namespace ifrit::gui::rpc

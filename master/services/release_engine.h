// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "master/audit/audit_trail.h"
#include "master/compose/published_state.h"
#include "master/members/leadership.h"
#include "master/release/state_machine.h"
#include "master/release/succession.h"
#include "master/services/cluster_conditions.h"
#include "master/services/event_hub.h"
#include "master/services/expectation.h"
#include "master/services/fleet.h"
#include "master/services/head_board.h"
#include "master/services/known_bad_clears.h"
#include "master/services/permit_counts.h"
#include "master/services/permit_queue.h"
#include "master/services/planner.h"
#include "master/services/records.h"
#include "master/services/shown_plans.h"
#include "master/services/start_turns.h"
#include "master/services/unsettled_releases.h"
#include "master/storage/database.h"

namespace ifrit::master::services {

/// Runs the release state machine over the database: each event's effects are committed in one
/// transaction with their audit row and a new generation, and only then stand in memory. All that
/// it needs is in the database, so that a killed master goes on where it was. Thread-safe.
class ReleaseEngine {
public:
    struct Parts {
        storage::Database& database;
        const audit::AuditTrail& trail;
        Fleet& fleet;
        compose::PublishedState& published;
        EventHub& events;
        KnownBadClears& clears;
        const base::Clock& clock;
        std::function<void()> desiredChanged;  ///< after a commit that changed desired state
        std::chrono::milliseconds pollInterval{30'000};
        /// Others serve the same cluster: this one runs releases only between lead() and
        /// standDown(), and each of its commits is fenced by the lease's token.
        bool isOneOfMany = false;
        FreezeSwitch* freeze = nullptr;  ///< null: never frozen
        release::ClusterRules rules = {};
        /// Has the last word on each start, in its transaction; an error refuses it.
        std::function<absl::Status(storage::Transaction&, const Caller&, const release::Model&)>
            starting = {};
        /// How long a machine that has not been heard may still be no silent one; absent: 0.
        std::function<std::chrono::milliseconds()> hearIn = {};
        /// Machines of a release that one transaction stores where that can be chosen.
        std::size_t rowsAtOnce = 2'000;
    };

    explicit ReleaseEngine(Parts parts);

    /// Reads everything that goes on from the database. Before any other call.
    absl::Status recover();

    // One of many (release_engine_leading.cpp). Whoever does not lead answers what only reads, from
    // follow(), and refuses all else with members::notLeader().
    /// Recovers under the lease's token. UNAVAILABLE (NOT_LEADER): it is not that one any more.
    absl::Status lead(std::uint64_t token);
    /// Forgets what was going on here, and reads what others made of it. Also from within.
    void standDown();
    /// The token under which it leads. Neither this nor leads() waits for a commit.
    std::optional<std::uint64_t> leadingToken() const { return m_leadership.token(); }
    bool leads() const { return m_leadership.stands(); }
    /// Takes in these releases as the leader committed them; nullopt: all. Nothing while it leads.
    absl::Status follow(const std::optional<std::set<std::string>>& ids);
    /// Reads the release where this one has not heard of it, as head() tells it by `id`: whoever
    /// made it at the leader may ask here before the change has come. NOT_FOUND as head(); what
    /// nobody made costs one look into the database, however many there are.
    absl::Status hearOf(const std::string& id);

    /// NOT_FOUND names the version or every machine of the gray list that is unknown.
    absl::StatusOr<release::Model> create(const Caller& caller, const domain::ReleaseSpec& spec) {
        return create(caller, spec, nullptr);
    }
    /// What else is part of making a draft: its transaction, in place of the request's record.
    using Along = std::function<absl::Status(storage::Transaction&, const release::Model&)>;
    absl::StatusOr<release::Model> create(const Caller& caller, const domain::ReleaseSpec& spec,
                                          const Along& along);
    /// NOT_FOUND and INVALID_ARGUMENT as create(), which then changes something.
    absl::Status check(const domain::ReleaseSpec& spec) { return m_planner.check(spec); }
    /// A transaction that is committed only while this master leads; what needs no engine but must
    /// have one writer. NOT_LEADER else.
    absl::Status transactLeading(const storage::Database::Work& work);
    /// What a start of the draft would do now. Made outside of the lock under which permits are
    /// given.
    absl::StatusOr<release::Plan> plan(const std::string& id);
    /// ABORTED with the difference where START's plan no longer holds; FAILED_PRECONDITION where
    /// the state refuses the verb. The caller's expectation is about the machines that it targets.
    /// A start of many stores them in parts, between which other calls are answered. Tells the
    /// release without its machines.
    absl::StatusOr<release::Model> act(const Caller& caller, const std::string& id,
                                       domain::ReleaseVerb verb, const std::string& planId);
    /// Without machines: cheap, from memory. `id` may be the number in decimal. Never null.
    absl::StatusOr<release::Head> head(const std::string& id) const;
    /// Some of them. O(page.limit), without `outcome`.
    absl::StatusOr<std::vector<release::MachineProgress>> machines(
        const std::string& id, const storage::ProgressPage& page);
    /// Newest first, without machines; as cheap.
    std::vector<release::Head> list() const { return m_shown.list(); }
    /// As cheap.
    std::size_t runningCount() const { return m_shown.runningCount(); }

    /// OK, or why the verb is refused for another release's sake; as cheap.
    absl::Status checkBeside(const domain::Release& release, domain::ReleaseVerb verb) const {
        return m_shown.check(release, verb);
    }

    /// Exact: a grant that is given after a halt, pause, abort or rollback returned from act() is
    /// impossible, since both go through one lock. Durable: of whoever may be switching the
    /// database knows. Those that ask while others are being stored are answered together, with one
    /// commit.
    release::PermitAnswer permit(const release::PermitQuestion& question);
    /// Returns once no permit that was decided before is still under way. Never waits for the
    /// database.
    void settlePermits();
    /// Questions that no group has taken yet.
    std::size_t waitingPermits() const { return m_asked.waiting(); }
    /// Freeze and rules as they stand.
    ClusterConditions conditions() const;
    const release::ClusterRules& rules() const { return m_parts.rules; }
    /// Machines that the cap counts now. Waits for no commit.
    std::uint64_t changedInWindow() { return m_counts.changed(); }

    /// After durable reports, and when machines fall silent or come back.
    void onMachines(const std::vector<MachineView>& machines);
    /// A machine that enrolled and was not known.
    void onJoined(const MachineView& machine);
    /// Machines that leave the cluster, in the transaction of `along`, which takes them away: what
    /// runs goes on without them. Nothing is done where `along` fails.
    absl::Status removeMachines(const std::set<std::string>& uuids,
                                const storage::Database::Work& along);
    /// The clock was set by so much since the last tick, ahead or back: before the next one.
    void clockSet(std::chrono::milliseconds by);
    // Time in which no master turns releases (release_engine_stand.cpp).
    /// Nothing was turned since then, or could have been kept: what runs takes that time for none
    /// with the next thing that happens to it. Once for each such time counts: the earliest.
    void standSince(base::WallTime since);
    /// Some master turned them then: before recover() and lead(), and while another leads.
    void turnedAt(base::WallTime at);
    /// At least each second, but not while the database keeps nothing.
    void tick();

    // What each machine did in releases that ended long ago (release_engine_history.cpp).
    /// Takes a step of removing what rules().keepHistory lets go and nothing stands on: at most one
    /// short transaction, in which the release engine's lock is held only to begin with a release.
    /// Nothing while a rollback runs or another master leads. At most each second, by one thread.
    absl::Status removeHistory();
    /// Rows that this one has removed since it started.
    std::uint64_t removedRows() const { return m_removedRows; }

    // What packages are needed for, as shown: also of a master that does not lead, and while the
    // database hangs.
    /// release::digestsInUse()
    std::set<std::string> digestsInUse() const { return release::digestsInUse(m_shown.all()); }
    /// release::versionsNamed()
    std::map<std::pair<std::string, std::string>, std::uint64_t> versionsNamed() const {
        return release::versionsNamed(m_shown.all());
    }

private:
    // A start of many machines (release_engine_start.cpp).
    /// Machines that are stored before the release they belong to has started, which says nothing
    /// of them until then.
    struct StoredAhead {
        base::WallTime at{};         ///< the moment that the start is as of
        std::uint64_t revision = 0;  ///< of the draft
        std::optional<std::uint64_t> token;
        std::map<std::string, release::MachineProgress> machines;
        // The plan, and what it was made of.
        release::StartInput start;
        std::uint64_t generation = 0;
        std::uint64_t sequence = 0;  ///< Fleet::changesSince()
        AgentsBeside beside;
        bool has(const release::MachineProgress& machine) const;
    };
    absl::StatusOr<release::Model> start(const Caller& caller, const std::string& id,
                                         const std::string& planId);
    /// nullopt: the start stores all by itself, or is refused, and says why.
    absl::StatusOr<std::optional<StoredAhead>> storeAhead(const Caller& caller,
                                                          const std::string& id,
                                                          const std::string& planId);
    /// Its plan as of now, without planning anew; nullopt: that has to be done.
    std::optional<release::StartInput> startOf(const StoredAhead& ahead,
                                               const domain::Release& draft)
        ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    /// Takes away what is stored of a release that has not started.
    absl::Status eraseAhead(const std::string& id, const members::Leadership::Fence& fenced);
    /// Each some at a time, while others come between.
    absl::Status putAhead(const std::string& id, const std::vector<release::MachineProgress>& rows,
                          const members::Leadership::Fence& fenced);

    struct Commit {
        const release::Model* model = nullptr;
        release::Effects effects;
        std::optional<AuditEntry> audit;
        std::optional<RequestRecord> request;
        const Caller* starts = nullptr;  ///< a start, and by whom
        bool frozen = false;             ///< as it was decided
        const StoredAhead* ahead = nullptr;
        const release::Model* stored = nullptr;  ///< as it is stored; null: not at hand
    };

    absl::StatusOr<std::string> resolveId(const std::string& id) const
        ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    /// As it is committed, with its machines.
    absl::StatusOr<release::Model> load(const std::string& id)
        ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    /// Takes it into memory as it is committed. True: it goes on.
    bool reload(const std::string& id) ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    /// FAILED_PRECONDITION where it is none (any more).
    absl::StatusOr<domain::Release> draftOf(const std::string& id) const
        ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    struct AskedVerb {
        release::VerbGiven given;
        std::uint64_t reached = 0;  ///< machines: of the plan where it is of one
    };
    absl::StatusOr<AskedVerb> verbEvent(const Caller& caller, const release::Model& model,
                                        domain::ReleaseVerb verb, const std::string& planId,
                                        const StoredAhead* ahead)
        ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    /// act(), of a start with what is stored of it.
    absl::StatusOr<release::Model> actUnderLock(const Caller& caller, const std::string& id,
                                                domain::ReleaseVerb verb, const std::string& planId,
                                                const StoredAhead* ahead)
        ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    /// A copy of it that may be changed, as it is in memory where that is sure of it.
    absl::StatusOr<release::Model> workingCopy(const std::string& id)
        ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    /// Once, on such a copy, with what stands in its way now.
    absl::StatusOr<release::Model> actOn(release::Model model, const Caller& caller,
                                         domain::ReleaseVerb verb, const std::string& planId,
                                         const StoredAhead* ahead)
        ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    AgentsBeside broughtBeside(const domain::ReleaseSpec& spec) const
        ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    std::vector<std::string> conflictsOf(const release::Model& model) const
        ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    absl::Status checkReached(const Caller& caller, std::uint64_t machines,
                              const std::string& subject, Earlier earlier);
    absl::Status recoverLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    absl::Status commit(const Commit& commit) ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    /// All but the clears, which commit() gives their ids.
    static absl::Status writeEffects(storage::Transaction& in, const release::Model& model,
                                     const release::Effects& effects,
                                     const StoredAhead* ahead = nullptr,
                                     const release::Model* stored = nullptr);
    void keepHead(release::Model head) ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    /// Takes the committed model into memory, or only its standing once it is final.
    void settle(release::Model model) ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    /// Applies events to a running model in place; reads it anew where they cannot be committed.
    void applyInPlace(const std::string& id, const std::vector<release::Event>& given)
        ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    release::Joined joinedOf(const release::Model& model, const MachineView& view) const;
    /// What all its machines say now, as events, and who joined: after a restart the reports and
    /// enrolments are ahead of it.
    std::vector<release::Event> eventsOfFleet(const release::Model& model) const
        ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    void addEvents(const release::Model& model, const MachineView& view,
                   std::vector<release::Event>& events) const
        ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    /// What the cluster and the release's windows and rates say to the machine (`view` null: it is
    /// not known). `chosen`: what it is told; `of`: the release that it asks for.
    release::PermitLimits limitsFor(const release::PermitQuestion& question,
                                    const std::optional<MachineView>& view,
                                    const std::optional<domain::DesiredEntry>& chosen,
                                    const release::Model* of,
                                    const release::MachineProgress* progress,
                                    const release::Conditions& conditions)
        ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    /// release::goesBack()
    bool goesBack(const release::PermitQuestion& question, const MachineView& view,
                  const std::optional<domain::DesiredEntry>& chosen, const release::Model& of) const
        ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    struct Grants;
    /// Decides one after another and stores what is given in one transaction.
    void answerTogether(const std::vector<AskedPermit*>& group)
        ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    release::PermitAnswer decide(AskedPermit& asked, Grants& grants)
        ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    /// `model` null: an ended release.
    void notePermit(release::Model* model, const release::PermitRecord& permit, Grants& grants)
        ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    /// False: it could not be made durable, and none of it must be given.
    bool store(const Grants& grants) ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    void noteHeld(release::Model& model, const std::string& uuid)
        ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    /// One removeMachines(), with what stands in the way of changes now.
    absl::Status removeOnce(const std::set<std::string>& uuids,
                            const storage::Database::Work& along)
        ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    /// Takes machines out of it that are not in the cluster any more, so that its rollback waits
    /// for none of them.
    absl::StatusOr<release::Effects> leaveRemoved(release::Model& model)
        ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    bool needsApproval(const domain::Release& draft) const;
    /// The draft's plan is this one now: the approval of another one is over.
    void endApproval(const std::string& id, const std::string& planId)
        ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    void announce(const std::string& id);
    /// Those that run, and those of which nobody knows.
    std::set<std::string> mayRun() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    /// What runs has stood since the last turn that is known of.
    void standSinceLastTurn() ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    /// Ends the hearing of each release whose machines were all heard.
    void endHearings() ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);

    /// The release whose history is to be removed next; nullopt: none.
    std::optional<std::string> historyDue() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    /// From then on it answers MACHINES_PRUNED. Where something stands on it, the next one begins.
    absl::Status beginRemoval() ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);

    using Fence = members::Leadership::Fence;
    /// Of several masters another may lead by now, or have frozen the cluster: before each grant.
    std::optional<release::PermitAnswer> refusedElsewhere() ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    /// After the fence of a change that a freeze may forbid: FAILED_PRECONDITION (CLUSTER_FROZEN)
    /// where one was committed before it, which is then in `found`.
    absl::Status checkFreezes(storage::Transaction& in,
                              std::optional<domain::FreezeMark>& found) const;
    /// From here on this master is frozen too.
    void noteFrozen(const std::optional<domain::FreezeMark>& found);
    /// After a commit that the fence refused: it leads no more.
    void noteRefused(const absl::Status& status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);

    const Parts m_parts;
    mutable absl::Mutex m_mutex;
    members::Leadership m_leadership;  // changed under m_mutex alone
    // Drafts and running ones, whole.
    std::map<std::string, release::Model> m_models ABSL_GUARDED_BY(m_mutex);
    // Every release: the same that m_shown holds.
    release::Heads m_heads ABSL_GUARDED_BY(m_mutex);
    HeadBoard m_shown;
    // Whatever memory is not sure of gives no permits until it was read anew.
    UnsettledReleases m_unsettled ABSL_GUARDED_BY(m_mutex);
    // Machines whose new deadlines are not stored yet, by release.
    std::map<std::string, std::set<std::string>> m_held ABSL_GUARDED_BY(m_mutex);
    std::optional<base::WallTime> m_turned ABSL_GUARDED_BY(m_mutex);  ///< nullopt: nobody knows
    ShownPlans m_shownPlans;
    Planner m_planner;
    PermitCounts m_counts;  // changed under m_mutex alone
    PermitQueue m_asked;
    StartTurns m_starts;  // taken before m_mutex
    std::atomic<std::uint64_t> m_removedRows{0};
    base::SteadyTime m_nextHistoryLook ABSL_GUARDED_BY(m_mutex){};
    // From the last look for a freeze until what was decided stands; taken under m_mutex, and never
    // held while anything waits.
    absl::Mutex m_lastLook;
};

}  // namespace ifrit::master::services

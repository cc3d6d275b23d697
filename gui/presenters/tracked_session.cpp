// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/tracked_session.h"

#include "gui/models/status_words.h"
#include "gui/presenters/call_tracker.h"
#include "gui/presenters/release_names.h"
#include "gui/presenters/tracked_access.h"
#include "gui/presenters/tracked_campaigns.h"

namespace ifrit::gui::presenters {
namespace {

using models::toText;
using services::CallHandle;
using services::Mutation;
using services::PageRequest;
using services::Reply;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::presenters::TrackedSession)
};

/// Done as a Reply, which the tracker knows.
Reply<bool> asReply(services::Done done) {
    return [done = std::move(done)](const absl::StatusOr<bool>& answer) { done(answer.status()); };
}
services::Done asDone(Reply<bool> reply) {
    return [reply = std::move(reply)](const absl::Status& status) {
        reply(status.ok() ? absl::StatusOr<bool>(true) : absl::StatusOr<bool>(status));
    };
}

class TrackedConnection final : public services::ConnectionService {
public:
    TrackedConnection(services::ConnectionService& inner, const CallTracker& tracker)
        : m_inner(inner), m_tracker(tracker) {}
    void connect() override { m_inner.connect(); }
    void disconnect() override { m_inner.disconnect(); }
    void retryNow() override { m_inner.retryNow(); }
    services::LinkStatus status() const override { return m_inner.status(); }
    CallHandle watchStatus(std::function<void(const services::LinkStatus&)> observer) override {
        return m_inner.watchStatus(std::move(observer));
    }
    CallHandle whoAmI(Reply<services::Identity> reply) override {
        return m_inner.whoAmI(std::move(reply));
    }
    CallHandle login(const std::string& user, const std::string& password,
                     Reply<services::LoginSession> reply) override {
        return m_tracker.change<services::LoginSession>(
            [user] { return Words::tr("Sign in as %1").arg(toText(user)); }, {}, std::move(reply),
            [&](auto told, auto) { return m_inner.login(user, password, std::move(told)); });
    }
    CallHandle logout(services::Done done) override {
        return m_tracker.change<bool>(
            [] { return Words::tr("Sign out"); }, {}, asReply(std::move(done)),
            [&](auto told, auto) { return m_inner.logout(asDone(std::move(told))); });
    }
    CallHandle test(std::function<void(const services::TestStepResult&)> onStep,
                    services::Done done) override {
        return m_tracker.ask<bool>(
            [] { return Words::tr("Test the connection"); }, asReply(std::move(done)),
            [&](auto told, auto) {
                return m_inner.test(std::move(onStep), asDone(std::move(told)));
            });
    }

private:
    services::ConnectionService& m_inner;
    const CallTracker& m_tracker;
};

class TrackedFleet final : public services::FleetService {
public:
    TrackedFleet(services::FleetService& inner, const CallTracker& tracker)
        : m_inner(inner), m_tracker(tracker) {}
    CallHandle getCluster(Reply<services::ClusterSummary> reply) override {
        return m_tracker.ask<services::ClusterSummary>(
            [] { return Words::tr("Read the cluster"); }, std::move(reply),
            [&](auto told, auto) { return m_inner.getCluster(std::move(told)); });
    }
    CallHandle freeze(const Mutation& mutation, Reply<services::ClusterSummary> reply) override {
        const Mutation named = CallTracker::named(mutation);
        return m_tracker.change<services::ClusterSummary>(
            [] { return Words::tr("Freeze the cluster"); }, named.requestId, std::move(reply),
            [&](auto told, auto) { return m_inner.freeze(named, std::move(told)); });
    }
    CallHandle unfreeze(const Mutation& mutation, Reply<services::ClusterSummary> reply) override {
        const Mutation named = CallTracker::named(mutation);
        return m_tracker.change<services::ClusterSummary>(
            [] { return Words::tr("Unfreeze the cluster"); }, named.requestId, std::move(reply),
            [&](auto told, auto) { return m_inner.unfreeze(named, std::move(told)); });
    }
    CallHandle listMasterLoads(std::chrono::milliseconds within,
                               Reply<services::MasterLoads> reply) override {
        return m_tracker.ask<services::MasterLoads>(
            [] { return Words::tr("Read the load of the masters"); }, std::move(reply),
            [&](auto told, auto) { return m_inner.listMasterLoads(within, std::move(told)); });
    }
    CallHandle watchMachines(const std::string& filter,
                             services::StreamObserver<services::MachinesUpdate> observer) override {
        return m_inner.watchMachines(filter, std::move(observer));
    }
    CallHandle listMachines(const std::string& filter, const PageRequest& page,
                            Reply<services::MachineList> reply) override {
        return m_tracker.ask<services::MachineList>(
            [] { return Words::tr("List machines"); }, std::move(reply),
            [&](auto told, auto) { return m_inner.listMachines(filter, page, std::move(told)); });
    }
    CallHandle getMachine(const std::string& uuid, Reply<services::MachineInfo> reply) override {
        return m_tracker.ask<services::MachineInfo>(
            [uuid] { return Words::tr("Read machine %1").arg(toText(uuid)); }, std::move(reply),
            [&](auto told, auto) { return m_inner.getMachine(uuid, std::move(told)); });
    }
    CallHandle explain(const std::string& uuid, const std::string& agent,
                       Reply<services::Explanation> reply) override {
        return m_tracker.ask<services::Explanation>(
            [uuid] { return Words::tr("Explain machine %1").arg(toText(uuid)); }, std::move(reply),
            [&](auto told, auto) { return m_inner.explain(uuid, agent, std::move(told)); });
    }
    CallHandle events(const std::string& uuid, const PageRequest& page,
                      Reply<services::Page<domain::MachineEvent>> reply) override {
        return m_tracker.ask<services::Page<domain::MachineEvent>>(
            [uuid] { return Words::tr("Read the events of machine %1").arg(toText(uuid)); },
            std::move(reply),
            [&](auto told, auto) { return m_inner.events(uuid, page, std::move(told)); });
    }
    CallHandle listAgents(Reply<std::vector<services::ManagedAgentInfo>> reply) override {
        return m_tracker.ask<std::vector<services::ManagedAgentInfo>>(
            [] { return Words::tr("List agents"); }, std::move(reply),
            [&](auto told, auto) { return m_inner.listAgents(std::move(told)); });
    }
    CallHandle clearKnownBad(const services::ClearKnownBad& request,
                             Reply<std::uint64_t> reply) override {
        services::ClearKnownBad named = request;
        named.mutation = CallTracker::named(request.mutation);
        return m_tracker.change<std::uint64_t>(
            [agent = request.agent] {
                return Words::tr("Let machines try %1 again").arg(toText(agent));
            },
            named.mutation.requestId, std::move(reply),
            [&](auto told, auto) { return m_inner.clearKnownBad(named, std::move(told)); });
    }
    CallHandle removeMachines(const services::RemoveMachines& request,
                              Reply<services::RemovedMachines> reply) override {
        services::RemoveMachines named = request;
        named.mutation = CallTracker::named(request.mutation);
        return m_tracker.change<services::RemovedMachines>(
            [count = request.uuids.size()] {
                return Words::tr("Remove %1 machine(s)", "", models::pluralOf(count)).arg(count);
            },
            named.mutation.requestId, std::move(reply),
            [&](auto told, auto) { return m_inner.removeMachines(named, std::move(told)); });
    }
    CallHandle tailLog(const services::LogTailQuestion& question,
                       Reply<services::LogTail> reply) override {
        services::LogTailQuestion named = question;
        named.mutation = CallTracker::named(question.mutation);
        return m_tracker.change<services::LogTail>(
            [uuid = question.uuid, agent = question.agent] {
                return Words::tr("Fetch the log of %1 from %2").arg(toText(agent), toText(uuid));
            },
            named.mutation.requestId, std::move(reply),
            [&](auto told, auto) { return m_inner.tailLog(named, std::move(told)); });
    }

private:
    services::FleetService& m_inner;
    const CallTracker& m_tracker;
};

class TrackedPackages final : public services::PackageService {
public:
    TrackedPackages(services::PackageService& inner, const CallTracker& tracker)
        : m_inner(inner), m_tracker(tracker) {}
    CallHandle list(const std::string& agent, const PageRequest& page,
                    Reply<services::Page<services::PackageInfo>> reply) override {
        return m_tracker.ask<services::Page<services::PackageInfo>>(
            [] { return Words::tr("List packages"); }, std::move(reply),
            [&](auto told, auto) { return m_inner.list(agent, page, std::move(told)); });
    }
    CallHandle get(const services::PackageRef& ref, Reply<services::PackageInfo> reply) override {
        return m_tracker.ask<services::PackageInfo>(
            [] { return Words::tr("Read a package"); }, std::move(reply),
            [&](auto told, auto) { return m_inner.get(ref, std::move(told)); });
    }
    CallHandle publish(const services::PublishRequest& request,
                       std::function<void(const services::PublishProgress&)> onProgress,
                       Reply<services::PublishResult> reply) override {
        services::PublishRequest named = request;
        named.mutation = CallTracker::named(request.mutation);
        const QString file = toText(request.path).section(QLatin1Char('/'), -1);
        return m_tracker.change<services::PublishResult>(
            [file] { return Words::tr("Publish %1").arg(file); }, named.mutation.requestId,
            std::move(reply),
            [&](auto told, std::uint64_t id) {
                OperationLog& log = m_tracker.log();
                auto progress = [&log, id, tell = std::move(onProgress)](
                                    const services::PublishProgress& now) {
                    if (now.totalBytes > 0)
                        log.progress(id, static_cast<int>(100 * now.doneBytes / now.totalBytes));
                    if (tell) tell(now);
                };
                return m_inner.publish(named, std::move(progress), std::move(told));
            });
    }
    CallHandle remove(const std::string& manifestDigest, const Mutation& mutation,
                      services::Done done) override {
        const Mutation named = CallTracker::named(mutation);
        return m_tracker.change<bool>(
            [manifestDigest] {
                return Words::tr("Delete package %1").arg(models::shortDigest(manifestDigest));
            },
            named.requestId, asReply(std::move(done)),
            [&](auto told, auto) {
                return m_inner.remove(manifestDigest, named, asDone(std::move(told)));
            });
    }
    CallHandle publisherKeys(Reply<std::vector<services::PublisherKey>> reply) override {
        return m_tracker.ask<std::vector<services::PublisherKey>>(
            [] { return Words::tr("Read the publishers' keys"); }, std::move(reply),
            [&](auto told, auto) { return m_inner.publisherKeys(std::move(told)); });
    }

private:
    services::PackageService& m_inner;
    const CallTracker& m_tracker;
};

class TrackedReleases final : public services::ReleaseService {
public:
    TrackedReleases(services::ReleaseService& inner, const CallTracker& tracker)
        : m_inner(inner), m_tracker(tracker) {}
    CallHandle create(const domain::ReleaseSpec& spec, const Mutation& mutation,
                      Reply<services::ReleaseInfo> reply) override {
        const Mutation named = CallTracker::named(mutation);
        return m_tracker.change<services::ReleaseInfo>(
            [agent = spec.agent, version = spec.version] {
                return Words::tr("Draft a release of %1 %2").arg(toText(agent), toText(version));
            },
            named.requestId, remembering(std::move(reply)),
            [&](auto told, auto) { return m_inner.create(spec, named, std::move(told)); });
    }
    CallHandle plan(const std::string& releaseId, Reply<services::ReleasePlan> reply) override {
        return m_tracker.ask<services::ReleasePlan>(
            [] { return Words::tr("Plan a release"); }, std::move(reply),
            [&](auto told, auto) { return m_inner.plan(releaseId, std::move(told)); });
    }
    CallHandle act(const services::ReleaseAct& request,
                   Reply<services::ReleaseInfo> reply) override {
        services::ReleaseAct named = request;
        named.mutation = CallTracker::named(request.mutation);
        // Ids are no words for people: one that was not told of yet has no name.
        const ReleaseNames::Name* known = m_names->find(request.releaseId);
        const auto what = [verb = request.verb,
                           name = known == nullptr ? ReleaseNames::Name() : *known] {
            const QString asked = models::StatusWords::nameOf(verb);
            if (name.number == 0) return Words::tr("Release: %1").arg(asked);
            return Words::tr("Release #%1, %2: %3").arg(name.number).arg(name.text(), asked);
        };
        return m_tracker.change<services::ReleaseInfo>(
            what, named.mutation.requestId, remembering(std::move(reply)),
            [&](auto told, auto) { return m_inner.act(named, std::move(told)); });
    }
    CallHandle get(const std::string& releaseId, Reply<services::ReleaseInfo> reply) override {
        return m_tracker.ask<services::ReleaseInfo>(
            [] { return Words::tr("Read a release"); }, remembering(std::move(reply)),
            [&](auto told, auto) { return m_inner.get(releaseId, std::move(told)); });
    }
    CallHandle list(const services::ReleaseQuery& query,
                    Reply<services::Page<services::ReleaseInfo>> reply) override {
        using Page = services::Page<services::ReleaseInfo>;
        return m_tracker.ask<Page>(
            [] { return Words::tr("List releases"); },
            [names = m_names, reply = std::move(reply)](absl::StatusOr<Page> page) {
                if (page.ok()) {
                    for (const services::ReleaseInfo& info : page->items)
                        names->take(info);
                }
                reply(std::move(page));
            },
            [&](auto told, auto) { return m_inner.list(query, std::move(told)); });
    }
    CallHandle machines(const services::ReleaseMachinesQuery& query,
                        Reply<services::Page<services::ReleaseMachine>> reply) override {
        return m_tracker.ask<services::Page<services::ReleaseMachine>>(
            [] { return Words::tr("List the machines of a release"); }, std::move(reply),
            [&](auto told, auto) { return m_inner.machines(query, std::move(told)); });
    }
    CallHandle timeline(const std::string& releaseId, const PageRequest& page,
                        Reply<services::Page<services::TimelineEntry>> reply) override {
        return m_tracker.ask<services::Page<services::TimelineEntry>>(
            [] { return Words::tr("Read the timeline of a release"); }, std::move(reply),
            [&](auto told, auto) { return m_inner.timeline(releaseId, page, std::move(told)); });
    }
    CallHandle watch(const std::string& releaseId, std::uint64_t atLeast,
                     services::StreamObserver<services::ReleaseInfo> observer) override {
        observer.next = [names = m_names,
                         next = std::move(observer.next)](const services::ReleaseInfo& info) {
            names->take(info);
            if (next) next(info);
        };
        return m_inner.watch(releaseId, atLeast, std::move(observer));
    }

private:
    Reply<services::ReleaseInfo> remembering(Reply<services::ReleaseInfo> reply) const {
        return [names = m_names,
                reply = std::move(reply)](absl::StatusOr<services::ReleaseInfo> info) {
            if (info.ok()) names->take(*info);
            reply(std::move(info));
        };
    }
    services::ReleaseService& m_inner;
    const CallTracker& m_tracker;
    /// Shared with answers and watches, which may outlive it.
    std::shared_ptr<ReleaseNames> m_names = std::make_shared<ReleaseNames>();
};

class TrackedAudit final : public services::AuditService {
public:
    TrackedAudit(services::AuditService& inner, const CallTracker& tracker)
        : m_inner(inner), m_tracker(tracker) {}
    CallHandle list(const services::AuditQuery& query,
                    Reply<services::Page<services::AuditRow>> reply) override {
        return m_tracker.ask<services::Page<services::AuditRow>>(
            [] { return Words::tr("Read the audit log"); }, std::move(reply),
            [&](auto told, auto) { return m_inner.list(query, std::move(told)); });
    }
    CallHandle verify(const std::vector<std::uint64_t>& rows,
                      Reply<services::AuditVerification> reply) override {
        return m_tracker.ask<services::AuditVerification>(
            [] { return Words::tr("Verify the audit chain"); }, std::move(reply),
            [&](auto told, auto) { return m_inner.verify(rows, std::move(told)); });
    }
    CallHandle head(const std::vector<std::uint64_t>& rows,
                    Reply<services::AuditHeads> reply) override {
        return m_tracker.ask<services::AuditHeads>(
            [] { return Words::tr("Read the audit's head"); }, std::move(reply),
            [&](auto told, auto) { return m_inner.head(rows, std::move(told)); });
    }
    CallHandle read(std::uint64_t afterId, Reply<std::vector<services::AuditRow>> reply) override {
        return m_tracker.ask<std::vector<services::AuditRow>>(
            [] { return Words::tr("Read the audit log"); }, std::move(reply),
            [&](auto told, auto) { return m_inner.read(afterId, std::move(told)); });
    }

private:
    services::AuditService& m_inner;
    const CallTracker& m_tracker;
};

class TrackedSession final : public services::Session {
public:
    TrackedSession(std::unique_ptr<services::Session> inner, const CallTracker& tracker)
        : m_inner(std::move(inner)),
          m_tracker(tracker),
          m_connection(m_inner->connection(), m_tracker),
          m_fleet(m_inner->fleet(), m_tracker),
          m_packages(m_inner->packages(), m_tracker),
          m_releases(m_inner->releases(), m_tracker),
          m_campaigns(m_inner->campaigns(), m_tracker),
          m_audit(m_inner->audit(), m_tracker),
          m_access(m_inner->access(), m_tracker) {}
    services::ConnectionService& connection() override { return m_connection; }
    services::FleetService& fleet() override { return m_fleet; }
    services::PackageService& packages() override { return m_packages; }
    services::ReleaseService& releases() override { return m_releases; }
    services::CampaignService& campaigns() override { return m_campaigns; }
    services::AuditService& audit() override { return m_audit; }
    services::AccessService& access() override { return m_access; }
    services::EventService& events() override { return m_inner->events(); }

private:
    std::unique_ptr<services::Session> m_inner;
    CallTracker m_tracker;
    TrackedConnection m_connection;
    TrackedFleet m_fleet;
    TrackedPackages m_packages;
    TrackedReleases m_releases;
    TrackedCampaigns m_campaigns;
    TrackedAudit m_audit;
    TrackedAccess m_access;
};

}  // namespace

std::unique_ptr<services::Session> TrackedSessionFactory::open(
    const services::ConnectionProfile& profile) {
    return std::make_unique<TrackedSession>(m_inner.open(profile),
                                            CallTracker(m_log, toText(profile.bundle.cluster)));
}

}  // namespace ifrit::gui::presenters

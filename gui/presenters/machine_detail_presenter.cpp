// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/machine_detail_presenter.h"

#include <algorithm>
#include <utility>

#include "gui/models/own_words.h"
#include "gui/models/row_order.h"

namespace ifrit::gui::presenters {
namespace {

using models::toText;

constexpr int kReloadEveryMs = 1'000;
constexpr char kClearPermission[] = "machine.clear-known-bad";

}  // namespace

MachineDetailPresenter::MachineDetailPresenter(ConnectionHub& hub, FleetFeed& feed, QObject* parent)
    : QObject(parent),
      m_hub(hub),
      m_explain(hub.times()),
      m_agents(hub.times()),
      m_events(hub.times()),
      m_machineCall(
          [this](absl::StatusOr<services::MachineInfo> machine) { take(std::move(machine)); }),
      m_explainCall([this](const absl::StatusOr<services::Explanation>& explanation) {
          m_explainError = explanation.status();
          if (explanation.ok()) {
              m_explained = true;
              m_explain.setRecords(explanation->entries);
          }
          Q_EMIT changed();
      }),
      m_eventList([this] {
          m_events.setRecords(m_eventList.items());
          Q_EMIT changed();
      }) {
    m_reload.setSingleShot(true);
    m_reload.setInterval(kReloadEveryMs);
    connect(&m_reload, &QTimer::timeout, this, &MachineDetailPresenter::load);
    connect(&hub, &ConnectionHub::sessionClosing, this, [this] {
        m_clearings.clear();
        show({});
    });
    connect(&hub, &ConnectionHub::linkChanged, this, &MachineDetailPresenter::changed);
    connect(&hub, &ConnectionHub::identityChanged, this, &MachineDetailPresenter::changed);
    connect(&hub, &ConnectionHub::resumed, this, [this] {
        if (m_failed || !m_explainError.ok() || !m_eventList.error().ok()) load();
    });
    connect(&feed, &FleetFeed::storeChanged, this,
            [this, &feed](const models::FleetChange& change) {
                if (m_uuid.isEmpty() || m_reload.isActive()) return;
                const auto row = feed.store().rowOf(m_uuid.toStdString());
                const bool mine =
                    change.reset || (row && std::find(change.changed.begin(), change.changed.end(),
                                                      *row) != change.changed.end());
                if (mine) m_reload.start();
            });
}

void MachineDetailPresenter::clear() {
    m_machineCall.cancel();
    m_versionCall.cancel();
    m_readingVersion = false;
    m_versions.clear();
    m_explainCall.cancel();
    m_eventList.clear();
    m_machine.reset();
    m_error.clear();
    m_failed = false;
    m_explainError = absl::OkStatus();
    m_explained = false;
    m_explain.setRecords({});
    m_agents.setRecords({});
    m_events.setRecords({});
}

void MachineDetailPresenter::show(const QString& uuid) {
    if (uuid == m_uuid) return;
    clear();
    m_uuid = uuid;
    load();
    Q_EMIT changed();
}

void MachineDetailPresenter::load() {
    if (m_uuid.isEmpty() || !m_hub.session()) return;
    const std::string uuid = m_uuid.toStdString();
    m_machineCall.ask([this, uuid](services::Reply<services::MachineInfo> reply) {
        return m_hub.session()->fleet().getMachine(uuid, std::move(reply));
    });
    m_explainCall.ask([this, uuid](services::Reply<services::Explanation> reply) {
        return m_hub.session()->fleet().explain(uuid, {}, std::move(reply));
    });
    m_eventList.reload([this, uuid](const services::PageRequest& page,
                                    services::Reply<services::Page<domain::MachineEvent>> reply) {
        return m_hub.session()->fleet().events(uuid, page, std::move(reply));
    });
}

void MachineDetailPresenter::take(absl::StatusOr<services::MachineInfo> machine) {
    m_failed = !machine.ok();
    if (machine.ok()) {
        m_error.clear();
        m_agents.setRecords(machine->agents);
        m_machine = *std::move(machine);
        readBadVersions();
    } else {
        m_error = KeptText([status = machine.status()] { return sentenceOf(status); });
    }
    Q_EMIT changed();
}

QString MachineDetailPresenter::versionOf(const domain::AgentReport& agent,
                                          const std::string& digest) const {
    if (agent.desiredDigest == digest) return toText(agent.desiredVersion);
    const auto found = m_versions.find(digest);
    return found == m_versions.end() ? QString() : found->second;
}

// A machine remembers packages by their digests, which no person knows by heart.
void MachineDetailPresenter::readBadVersions() {
    if (m_readingVersion || !m_machine || !m_hub.session()) return;
    for (const domain::AgentReport& agent : m_machine->agents) {
        for (const std::string& digest : agent.knownBad) {
            if (agent.desiredDigest == digest || m_versions.count(digest) != 0) continue;
            m_readingVersion = true;
            m_versionCall = m_hub.session()->packages().get(
                {digest, {}, {}, {}},
                [this, digest](const absl::StatusOr<services::PackageInfo>& package) {
                    m_readingVersion = false;
                    // One that was deleted has none any more.
                    m_versions[digest] = package.ok() ? toText(package->version) : QString();
                    readBadVersions();
                    Q_EMIT changed();
                });
            return;
        }
    }
}

QString MachineDetailPresenter::error() const {
    if (const QString text = m_error.text(); !text.isEmpty()) return text;
    // Where they have no rows the reason stands in their place.
    if (!m_explainError.ok() && m_explain.rowCount() > 0) return sentenceOf(m_explainError);
    if (!m_eventList.error().ok() && m_events.rowCount() > 0)
        return sentenceOf(m_eventList.error());
    return {};
}

MachineDetailPresenter::EmptyLines MachineDetailPresenter::emptyLines() const {
    if (m_uuid.isEmpty()) return {};
    const auto lineOf = [](const absl::Status& error, bool loaded, const QString& nothing) {
        if (!error.ok()) return sentenceOf(error);
        return loaded ? nothing : tr("Loading.");
    };
    return {lineOf(m_explainError, m_explained, tr("Nothing says what this machine should run.")),
            m_machine ? tr("No agent runs on it, and none is desired.") : lineOf({}, false, {}),
            lineOf(m_eventList.error(), m_eventList.loaded(),
                   tr("Nothing is known to have happened on it."))};
}

models::StatusLook MachineDetailPresenter::look() const {
    if (!m_machine) return {};
    return models::StatusWords::ofMachine(m_machine->state, m_machine->offline);
}

QString MachineDetailPresenter::factsLine() const {
    if (!m_machine) return {};
    const domain::MachineFacts& facts = m_machine->facts;
    QStringList parts = {toText(facts.address), toText(facts.machineType)};
    if (!facts.pin.empty()) parts << tr("pin %1").arg(toText(facts.pin));
    for (const auto& [key, value] : facts.labels)
        parts << toText(key) + QLatin1Char('=') + toText(value);
    return parts.join(QStringLiteral(" · "));
}

QString MachineDetailPresenter::lastError() const {
    if (!m_machine) return {};
    QString first;
    int more = 0;
    for (const domain::AgentReport& agent : m_machine->agents) {
        if (!agent.lastError) continue;
        if (!first.isEmpty()) {
            ++more;
            continue;
        }
        first = toText(agent.agent) + QStringLiteral(": ") +
                models::OwnWords::ofFailure(toText(agent.lastError->message));
        if (!agent.lastError->reason.empty())
            first += QStringLiteral(" (%1)").arg(toText(agent.lastError->reason));
    }
    if (more > 0) first += tr(", and %1 agent(s) more", "", more).arg(more);
    return first;
}

QString MachineDetailPresenter::sinceWhen(const QString& word, base::WallTime since,
                                          const models::TimeText& times) {
    return since == base::WallTime{} ? word : tr("%1 since %2").arg(word, times.at(since));
}

QString MachineDetailPresenter::stateLine() const {
    const models::TimeText& times = m_hub.times();
    const QString word = look().word;
    // Of a machine that is not heard of any more: since it was last.
    if (m_machine->offline || m_machine->state == domain::MachineState::Silent)
        return tr("%1, last heard %2").arg(word, times.at(m_machine->lastSeen));
    base::WallTime since{};
    for (const domain::AgentReport& agent : m_machine->agents) {
        const bool isFirst = since == base::WallTime{} || agent.since < since;
        if (agent.state == m_machine->state && agent.since != base::WallTime{} && isFirst)
            since = agent.since;
    }
    return sinceWhen(word, since, times);
}

QList<QPair<QString, QString>> MachineDetailPresenter::summary() const {
    if (!m_machine) return {};
    const domain::MachineFacts& facts = m_machine->facts;
    const models::TimeText& times = m_hub.times();
    QList<QPair<QString, QString>> out = {{tr("State"), stateLine()}};
    for (const domain::AgentReport& agent : m_machine->agents) {
        QString text =
            agent.runningVersion.empty() ? tr("not running") : toText(agent.runningVersion);
        if (agent.desiredVersion != agent.runningVersion && !agent.desiredVersion.empty()) {
            text += QStringLiteral(" → ") + toText(agent.desiredVersion);
        }
        text += QStringLiteral(" · ") +
                sinceWhen(models::StatusWords::of(agent.state).word, agent.since, times);
        if (!agent.step.empty())
            text += QStringLiteral(" · ") + models::OwnWords::ofStep(toText(agent.step));
        if (agent.attempt > 1) text += tr(" · attempt %1").arg(agent.attempt);
        if (agent.nextRetry) text += tr(" · next retry %1").arg(times.at(agent.nextRetry));
        if (agent.deadline) text += tr(" · deadline %1").arg(times.at(agent.deadline));
        out << qMakePair(toText(agent.agent), text);
        if (agent.integrity == domain::Integrity::Unknown) continue;
        QString files = models::StatusWords::of(agent.integrity).word;
        if (!agent.integrityNote.empty())
            files += QStringLiteral(" · ") + toText(agent.integrityNote);
        out << qMakePair(tr("%1, files").arg(toText(agent.agent)), files);
    }
    out << qMakePair(tr("Host name"), toText(facts.hostname));
    out << qMakePair(tr("System"),
                     toText(facts.kernel + ", " + facts.libc + ", " + facts.architecture));
    out << qMakePair(tr("ifrit-agent"), toText(facts.ifritVersion) + QStringLiteral(" · ") +
                                            models::bytes(m_machine->ifritSample.rssBytes) +
                                            QStringLiteral(" · ") +
                                            models::coreShare(m_machine->ifritSample.cpuPercent));
    out << qMakePair(tr("Batch"), m_machine->batch == 0 ? tr("not on the ring")
                                                        : QString::number(m_machine->batch));
    out << qMakePair(tr("Last seen"), times.at(m_machine->lastSeen));
    out << qMakePair(tr("First seen"), times.at(m_machine->firstSeen));
    return out;
}

Action MachineDetailPresenter::clearBadAction() const {
    if (!m_machine) return {tr("No machine is chosen.")};
    if (const QString why = m_hub.whyNot(kClearPermission); !why.isEmpty()) return {why};
    const bool any = std::any_of(m_machine->agents.begin(), m_machine->agents.end(),
                                 [](const auto& agent) { return !agent.knownBad.empty(); });
    if (!any) return {tr("This machine remembers no bad version.")};
    return {};
}

models::DangerFacts MachineDetailPresenter::clearBadFacts() const {
    models::DangerFacts facts(m_hub.place());
    facts.title = tr("Let %1 try bad versions again?").arg(m_uuid);
    facts.sentence =
        tr("The machine put these versions back by itself. If one is still desired, it "
           "is downloaded and started again.");
    for (const domain::AgentReport& agent : m_machine->agents) {
        for (const std::string& digest : agent.knownBad) {
            facts.commands << models::clearBadCommand(m_uuid, agent.agent, digest);
            const QString version = versionOf(agent, digest);
            const QString text = models::shortDigest(digest);
            facts.facts << qMakePair(
                toText(agent.agent),
                version.isEmpty() ? text : tr("%1, package %2").arg(version, text));
        }
    }
    facts.verb = tr("Try again");
    return facts;
}

models::CtlCommand MachineDetailPresenter::explainCommand() const {
    return models::explainCommand(m_uuid);
}

std::vector<services::ClearKnownBad> MachineDetailPresenter::clearBadRequests() const {
    std::vector<services::ClearKnownBad> out;
    if (!m_machine) return out;
    for (const domain::AgentReport& agent : m_machine->agents) {
        for (const std::string& digest : agent.knownBad) {
            out.push_back({{}, {m_uuid.toStdString()}, agent.agent, digest});
            out.back().mutation.expectedCount = 1;
        }
    }
    return out;
}

void MachineDetailPresenter::clearBad(const std::vector<services::ClearKnownBad>& shown,
                                      const QString& reason) {
    if (const QString why = m_hub.whyNot(kClearPermission); !why.isEmpty()) {
        Q_EMIT acted(why);
        return;
    }
    if (shown.empty()) return;
    const auto clearing = m_clearings.emplace(m_clearings.end());
    clearing->uuid = toText(shown.front().uuids.front());
    clearing->pending = shown.size();
    for (services::ClearKnownBad request : shown) {
        request.mutation.reason = reason.toStdString();
        clearOne(clearing, request);
    }
}

void MachineDetailPresenter::clearOne(Clearings::iterator clearing,
                                      const services::ClearKnownBad& request) {
    clearing->calls.push_back(m_hub.session()->fleet().clearKnownBad(
        request,
        [this, clearing, agent = request.agent](const absl::StatusOr<std::uint64_t>& count) {
            // Another machine may be shown by now.
            if (!count.ok())
                clearing->failures
                    << tr("%1, %2: %3").arg(clearing->uuid, toText(agent), failureOf(count));
            if (--clearing->pending == 0) cleared(clearing);
        }));
}

void MachineDetailPresenter::cleared(Clearings::iterator clearing) {
    const Clearing done = std::move(*clearing);
    m_clearings.erase(clearing);
    Q_EMIT acted(done.failures.join(QLatin1Char('\n')));
    if (done.uuid == m_uuid) load();
}

}  // namespace ifrit::gui::presenters

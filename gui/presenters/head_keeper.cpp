// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/head_keeper.h"

#include <utility>

#include "shared/base/status.h"

namespace ifrit::gui::presenters {
namespace {

using models::shortDigest;
using models::toText;

/// Many rows come together; one head stands for all before it.
constexpr int kSoonMs = 10'000;
constexpr int kHourMs = 3'600'000;
/// A program keeps its head within a moment; one that holds the lock for a minute hangs.
constexpr int kMostLockedOut = 6;

}  // namespace

HeadKeeper::HeadKeeper(ConnectionHub& hub, FleetFeed& feed, models::Worker& worker,
                       std::string directory, QObject* parent)
    : QObject(parent),
      m_hub(hub),
      m_worker(worker),
      // What waits behind a lock of another program are the next clicks: a later head is as good.
      m_store(
          std::make_shared<heads::HeadStore>(std::move(directory), std::chrono::milliseconds(0))) {
    m_soon.setSingleShot(true);
    m_soon.setInterval(kSoonMs);
    m_hourly.setInterval(kHourMs);
    connect(&m_soon, &QTimer::timeout, this, &HeadKeeper::fetch);
    connect(&m_hourly, &QTimer::timeout, this, &HeadKeeper::fetch);
    connect(&hub, &ConnectionHub::resumed, this, [this] {
        if (!m_isFetched) fetch();
    });
    connect(&hub, &ConnectionHub::sessionClosing, this, &HeadKeeper::reset);
    connect(&feed, &FleetFeed::happened, this, [this](const services::ClusterEvent& event) {
        using Happened = services::ClusterEvent::Kind;
        const bool mine = event.kind == Happened::AuditAppended || event.kind == Happened::Reset;
        if (mine && !m_soon.isActive()) m_soon.start();
    });
}

void HeadKeeper::onDisk(Work work, Worked done) {
    m_jobs.push_back({std::move(work), std::move(done), m_session});
    workOn();
}

void HeadKeeper::workOn() {
    if (m_isWorking || m_jobs.empty()) return;
    m_isWorking = true;
    auto status = std::make_shared<absl::Status>();
    m_worker.run(
        this, [store = m_store, work = m_jobs.front().work, status] { *status = work(*store); },
        [this, status] {
            const Job job = std::move(m_jobs.front());
            m_jobs.pop_front();
            m_isWorking = false;
            if (job.session == m_session) job.done(*status);
            workOn();
        });
}

void HeadKeeper::reset() {
    ++m_session;
    m_call.cancel();
    m_soon.stop();
    m_hourly.stop();
    m_isFetched = false;
    m_lockedOut = 0;
    m_alarm.clear();
    m_trouble.clear();
    Q_EMIT changed();
}

void HeadKeeper::readKept(std::function<void(const audit::KeptHeads& kept)> done) {
    auto kept = std::make_shared<audit::KeptHeads>();
    onDisk(
        [kept, bundle = m_hub.profile().bundle](heads::HeadStore& store) {
            auto loaded = store.load(bundle);
            if (loaded.ok()) *kept = *std::move(loaded);
            return loaded.status();
        },
        [this, kept, done = std::move(done)](const absl::Status& status) {
            if (status.ok())
                m_trouble.clear();
            else
                m_trouble = KeptText([status] { return troubleOf(status); });
            done(*kept);
        });
}

void HeadKeeper::fetch() {
    if (!m_hub.session() || !m_hub.isConnected()) return;
    m_isFetched = true;
    if (!m_hourly.isActive()) m_hourly.start();
    readKept([this](const audit::KeptHeads& known) {
        // With the call: another program may keep more heads until it is answered.
        m_call = m_hub.session()->audit().head(
            known.rows(), [this, known](const absl::StatusOr<services::AuditHeads>& heads) {
                if (!heads.ok()) return failed(heads.status());
                take(known, *heads);
            });
    });
}

void HeadKeeper::failed(const absl::Status& status) {
    m_isFetched = false;
    const std::string reason = base::errorInfo(status).reason;
    // A line that broke says nothing of the audit; the next one is soon enough.
    if (reason != "STATEMENT_SIGNER" && reason != "STATEMENT_SIGNATURE") return;
    m_alarm = KeptText([status] {
        return tr("This master handed out a head of the audit that no master of the cluster "
                  "signed. %1 Ask who runs the masters what answers at this address.")
            .arg(sentenceOf(status));
    });
    Q_EMIT changed();
}

void HeadKeeper::take(const audit::KeptHeads& kept, const services::AuditHeads& heads) {
    const audit::HeadReport report = kept.compare(heads.hashes);
    if (!report.agrees()) {
        // A head of the rewritten chain would only take room from those that prove it.
        m_alarm = KeptText([this, report] { return rewritten(report); });
    } else if (m_trouble.text().isEmpty()) {
        m_alarm.clear();
        keep(heads.head);
    }
    Q_EMIT changed();
}

void HeadKeeper::keep(const audit::SignedHead& head) {
    onDisk([head, bundle = m_hub.profile().bundle](
               heads::HeadStore& store) { return store.keep(bundle, head); },
           [this](const absl::Status& status) { wasKept(status); });
}

void HeadKeeper::wasKept(const absl::Status& status) {
    const bool isLocked = base::errorInfo(status).reason == "HEADS_LOCKED";
    m_lockedOut = isLocked ? m_lockedOut + 1 : 0;
    if (isLocked && !m_soon.isActive()) m_soon.start();
    if (status.ok() || (isLocked && m_lockedOut < kMostLockedOut)) return;
    m_trouble = KeptText([status] { return troubleOf(status); });
    Q_EMIT changed();
}

QString HeadKeeper::troubleOf(const absl::Status& status) {
    return tr("No heads of the audit are kept. %1").arg(sentenceOf(status));
}

QString HeadKeeper::rewritten(const audit::HeadReport& report) const {
    const audit::Contradiction& first = report.wrong.front();
    const audit::Head& kept = first.kept.head;
    const QString when = m_hub.times().full(kept.at);
    const QString row = QString::number(kept.row);
    QString out =
        first.found.empty()
            ? tr("The audit was rewritten: row %1 is no longer there, but master %2 signed it at "
                 "%3, and that head is kept here.")
                  .arg(row, toText(first.kept.signer), when)
            : tr("The audit was rewritten: row %1 is not the one that master %2 signed at %3, of "
                 "which the head is kept here.")
                  .arg(row, toText(first.kept.signer), when);
    out += QLatin1Char(' ');
    out += report.lastGood ? tr("Up to row %1 it is what it was at %2.")
                                 .arg(QString::number(report.lastGood->head.row),
                                      m_hub.times().full(report.lastGood->head.at))
                           : tr("No head that is kept here agrees with it.");
    out += QLatin1Char(' ');
    out += tr("If the database was restored from a backup, the audit has a row cluster.restore: "
              "then run “ifritctl audit forget --from-row %1”. Else somebody wrote to the database "
              "by hand: compare its rows with a backup.")
               .arg(row);
    return out;
}

}  // namespace ifrit::gui::presenters

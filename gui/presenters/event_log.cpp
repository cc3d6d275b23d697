// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/event_log.h"

namespace ifrit::gui::presenters {
namespace {

using models::CellStyle;
using models::StatusKind;
using models::toText;
using services::ClusterEvent;
using services::LinkState;

constexpr int kShowEveryMs = 100;

}  // namespace

EventModel::EventModel(const models::TimeText& times, QObject* parent)
    : RecordTableModel(
          {{{"event", [] { return tr("Event"); }},
            {},
            CellStyle::Plain,
            [](const EventRow& row) {
                return models::StatusLook{row.kind, row.word.text()};
            },
            {}},
           {{"time", [] { return tr("Time"); }},
            [&times](const EventRow& row) { return times.at(row.at); },
            CellStyle::Muted,
            {},
            {}},
           {{"cluster", [] { return tr("Cluster"); }},
            [](const EventRow& row) { return row.cluster; },
            CellStyle::Plain,
            {},
            {}},
           {{"what_happened", [] { return tr("What happened"); }},
            [](const EventRow& row) { return row.sentence.text(); },
            CellStyle::Plain,
            {},
            {}}},
          [](const EventRow& row) { return QString::number(row.id); }, parent) {
    keepKeyUnsaid();
    QObject::connect(&times, &models::TimeText::changed, this, [this] { touchAll(); });
}

EventLog::EventLog(ConnectionHub& hub, FleetFeed& feed, ReleaseWatch& releases, QObject* parent)
    : QObject(parent), m_hub(hub), m_model(hub.times()) {
    m_shown.setSingleShot(true);
    m_shown.setInterval(kShowEveryMs);
    connect(&m_shown, &QTimer::timeout, this, [this] {
        if (m_late) show();
    });
    connect(&hub, &ConnectionHub::sessionOpened, this, [this] {
        m_cluster = toText(m_hub.profile().bundle.cluster);
        m_bundlePath = toText(m_hub.profile().bundlePath);
    });
    connect(&hub, &ConnectionHub::linkChanged, this, &EventLog::linkChanged);
    connect(&feed, &FleetFeed::happened, this, &EventLog::tell);
    connect(&releases, &ReleaseWatch::happened, this,
            [this](const ReleaseNotice& notice) { add(saidOf(notice)); });
}

void EventLog::follow(FleetNotices& others) {
    connect(&others, &FleetNotices::happened, this, [this](const ClusterNotice& notice) {
        add(saidOf(notice.release), notice.cluster, notice.bundlePath);
    });
}

EventLog::Said EventLog::saidOf(const ReleaseNotice& notice) {
    return {ReleaseNoticeWords::lookOf(notice.kind).kind,
            KeptText([what = notice.kind] { return ReleaseNoticeWords::lookOf(what).word; }),
            KeptText([notice] { return ReleaseNoticeWords::sentenceOf(notice); }),
            toText(notice.info.release.id)};
}

void EventLog::add(Said said) {
    add(std::move(said), m_cluster, m_bundlePath);
}

void EventLog::add(Said said, const QString& cluster, const QString& bundlePath) {
    EventRow row;
    row.id = ++m_last;
    row.at = m_hub.times().now();
    row.cluster = cluster;
    row.bundlePath = bundlePath;
    row.kind = said.kind;
    row.word = std::move(said.word);
    row.sentence = std::move(said.sentence);
    row.releaseId = std::move(said.releaseId);
    m_rows.push_front(std::move(row));
    if (m_rows.size() > kMost) m_rows.pop_back();
    m_late = true;
    if (!m_shown.isActive()) show();
}

// All rows anew: for each of thousands of events in a second the window would stand still.
void EventLog::show() {
    m_late = false;
    m_shown.start();
    m_model.setRecords({m_rows.begin(), m_rows.end()});
    Q_EMIT changed();
}

void EventLog::linkChanged() {
    const LinkState now = m_hub.hasSession() ? m_hub.link().state : LinkState::Disconnected;
    const LinkState before = std::exchange(m_link, now);
    if (now == before) return;
    if (now == LinkState::Connected) {
        add({StatusKind::Ok,
             KeptText([] { return tr("connected"); }),
             KeptText([address = toText(m_hub.link().address)] {
                 return tr("The master at %1 answers").arg(address);
             }),
             {}});
    } else if (before == LinkState::Connected && m_hub.hasSession()) {
        add({StatusKind::Fail,
             KeptText([] { return tr("line broken"); }),
             KeptText([error = m_hub.link().lastError] {
                 return error.ok() ? tr("The master is silent") : sentenceOf(error);
             }),
             {}});
    } else if (before == LinkState::Connected) {
        add({StatusKind::None,
             KeptText([] { return tr("disconnected"); }),
             KeptText([] { return tr("The connection was closed here"); }),
             {}});
    }
}

// Of releases ReleaseWatch tells more than that something changed.
void EventLog::tell(const ClusterEvent& event) {
    switch (event.kind) {
        case ClusterEvent::Kind::PackageChanged:
            add({StatusKind::None,
                 KeptText([] { return tr("packages"); }),
                 KeptText([digest = models::shortDigest(event.subject)] {
                     return tr("A package was published or deleted: %1").arg(digest);
                 }),
                 {}});
            break;
        case ClusterEvent::Kind::ClusterChanged:
            add({StatusKind::None,
                 KeptText([] { return tr("cluster"); }),
                 KeptText([generation = event.generation] {
                     return tr("The cluster changed, generation %1")
                         .arg(models::grouped(static_cast<qint64>(generation)));
                 }),
                 {}});
            break;
        case ClusterEvent::Kind::Reset:
            add({StatusKind::Wait,
                 KeptText([] { return tr("read again"); }),
                 KeptText([] { return tr("Events were missed: everything was read again"); }),
                 {}});
            break;
        case ClusterEvent::Kind::AuditAppended:
        case ClusterEvent::Kind::ReleaseChanged:
        case ClusterEvent::Kind::Heartbeat:
            break;
    }
}

void EventLog::setFilter(const QString& text) {
    m_model.setFilter(text);
    Q_EMIT changed();
}

void EventLog::clear() {
    m_rows.clear();
    m_late = false;
    m_model.setRecords({});
    Q_EMIT changed();
}

}  // namespace ifrit::gui::presenters

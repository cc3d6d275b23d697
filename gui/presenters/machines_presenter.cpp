// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/machines_presenter.h"

#include <QTimer>

#include "gui/models/own_words.h"
#include "gui/presenters/view_judge.h"

namespace ifrit::gui::presenters {
namespace {

using models::grouped;
using models::toText;

/// Ages in the table move on by themselves.
constexpr int kAgesEveryMs = 1'000;

}  // namespace

MachinesPresenter::MachinesPresenter(ConnectionHub& hub, FleetFeed& feed, models::Worker& worker,
                                     QObject* parent)
    : QObject(parent),
      m_hub(hub),
      m_feed(feed),
      m_worker(worker),
      m_model(feed.store(), hub.times(), worker),
      m_detail(hub, feed),
      m_log(hub, m_detail),
      m_usage(hub, feed),
      m_removal(hub, feed),
      m_revocation(hub, feed) {
    connect(&m_removal, &MachineRemovalPresenter::removed, this, [this](const QStringList& uuids) {
        if (uuids.contains(m_detail.uuid())) m_detail.show({});
    });
    connect(&feed, &FleetFeed::rowsAboutToGo, &m_model, &models::MachineTableModel::forgetRows);
    connect(&feed, &FleetFeed::storeChanged, &m_model, &models::MachineTableModel::storeChanged);
    connect(&feed, &FleetFeed::figuresChanged, this, &MachinesPresenter::changed);
    connect(&hub, &ConnectionHub::linkChanged, this, &MachinesPresenter::changed);
    for (const auto signal : {&ConnectionHub::sessionClosing, &ConnectionHub::resumed})
        connect(&hub, signal, this, &MachinesPresenter::answersOver);
    connect(&m_model, &models::MachineTableModel::orderChanged, this, &MachinesPresenter::changed);
    auto* ages = new QTimer(this);
    ages->setInterval(kAgesEveryMs);
    connect(ages, &QTimer::timeout, &m_model, &models::MachineTableModel::timesChanged);
    ages->start();
}

void MachinesPresenter::setFilter(const QString& text) {
    m_filterText = text;
    applyFilter(text);
}

void MachinesPresenter::typeFilter(const QString& text, int cursor) {
    m_filterText = text;
    applyFilter(models::withoutHalfName(text, cursor));
}

void MachinesPresenter::finishFilter() {
    if (m_appliedText != m_filterText) applyFilter(m_filterText);
}

void MachinesPresenter::applyFilter(const QString& text) {
    m_appliedText = text;
    const auto parsed = filter::MachineFilter::parse(text.toStdString());
    m_filterError = parsed.error;
    if (!parsed.error) m_model.setFilter(parsed.filter);
    Q_EMIT changed();
}

void MachinesPresenter::toggleTerm(const QString& term) {
    QStringList terms = m_filterText.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    if (terms.removeAll(term) == 0) terms << term;
    setFilter(terms.join(QLatin1Char(' ')));
}

QString MachinesPresenter::filterHint() const {
    if (!m_filterError) return {};
    return tr("%1 (at character %2)")
        .arg(models::OwnWords::of(toText(m_filterError->sentence)))
        .arg(m_filterError->position + 1);
}

QString MachinesPresenter::countLine() const {
    if (!m_feed.store().loaded()) return {};
    return tr("%1 shown · %2 matching · %3 in all")
        .arg(grouped(m_model.rowCount()), grouped(m_model.rowCount()),
             grouped(m_feed.store().size()));
}

models::ViewNotice MachinesPresenter::notice() const {
    ViewFacts facts;
    const models::FleetStore& store = m_feed.store();
    facts.loaded = store.loaded();
    facts.error = m_feed.error();
    if (store.expected() > 0) {
        facts.progress = static_cast<int>(100 * store.gathered() / store.expected());
    }
    facts.total = store.size();
    facts.shown = m_model.ordering() ? 1 : m_model.rowCount();
    facts.empty = nobodyJoined();
    models::ViewNotice notice = judgeView(m_hub, facts);
    if (m_filterError && notice.state == models::ViewState::EmptyByFilter)
        notice.sentence = tr("The filter cannot be read; nothing matches the one before it.");
    return notice;
}

}  // namespace ifrit::gui::presenters

// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/machines_presenter.h"

#include <QTimer>

#include <algorithm>
#include <vector>

#include "gui/models/own_words.h"
#include "gui/presenters/machine_buckets.h"
#include "gui/presenters/map_coloring.h"
#include "gui/presenters/view_judge.h"

namespace ifrit::gui::presenters {
namespace {

using domain::MachineState;
using models::FleetColumns;
using models::grouped;
using models::toText;

constexpr std::size_t kFacetsOfAKind = 4;
/// Ages in the table move on by themselves.
constexpr int kAgesEveryMs = 1'000;

struct Counts {
    BucketCounts buckets;
    qint64 degraded = 0;  ///< of those that are counted as watching
    // By interned text: a million look-ups in a tree would stop the window.
    std::vector<std::uint32_t> types;
    std::vector<std::uint32_t> pins;
    std::vector<std::uint32_t> labelTexts;  ///< all labels of a machine
};

void count(Counts& counts, const FleetColumns& columns, std::uint32_t row) {
    counts.buckets.add(bucketOf(columns.state[row]));
    if (columns.state[row] == MachineState::Degraded) ++counts.degraded;
    ++counts.types[columns.machineType[row]];
    ++counts.pins[columns.pin[row]];
    ++counts.labelTexts[columns.labels[row]];
}

/// Of each label: machines that have it. Many machines share a text, which was taken apart when it
/// came.
std::vector<std::uint32_t> labelsOf(const Counts& counts, const models::FleetVocabulary& words) {
    std::vector<std::uint32_t> out(words.labels(), 0);
    for (models::StringId text = 1; text < counts.labelTexts.size(); ++text) {
        if (counts.labelTexts[text] == 0) continue;
        for (const auto label : words.labelsIn(text))
            out[label] += counts.labelTexts[text];
    }
    return out;
}

/// The ids with the most machines first.
std::vector<std::pair<qint64, std::uint32_t>> byMachines(const std::vector<std::uint32_t>& of) {
    std::vector<std::pair<qint64, std::uint32_t>> out;
    for (std::uint32_t id = 0; id < of.size(); ++id) {
        if (of[id] != 0) out.emplace_back(-qint64{of[id]}, id);
    }
    std::sort(out.begin(), out.end());
    return out;
}

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
    connect(&m_model, &models::MachineTableModel::orderChanged, this, &MachinesPresenter::changed);
    auto* ages = new QTimer(this);
    ages->setInterval(kAgesEveryMs);
    connect(ages, &QTimer::timeout, &m_model, &models::MachineTableModel::timesChanged);
    ages->start();
}

void MachinesPresenter::setFilter(const QString& text) {
    m_filterText = text;
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

std::vector<MachinesPresenter::Facet> MachinesPresenter::facets() const {
    const FleetColumns& columns = m_feed.store().columns();
    Counts counts;
    counts.types.resize(columns.strings.size(), 0);
    counts.pins.resize(columns.strings.size(), 0);
    counts.labelTexts.resize(columns.strings.size(), 0);
    // As the store lies in memory: in the order shown a million rows take ten times as long.
    for (std::uint32_t row = 0; row < columns.rows(); ++row) {
        if (m_model.shows(row)) count(counts, columns, row);
    }
    std::vector<Facet> out;
    const auto state = [&](const QString& name, const QString& term, qint64 machines) {
        if (machines > 0 || m_filterText.contains(term)) out.push_back({name, term, machines});
    };
    const auto bucket = [&](MachineBucket of) {
        state(MapColoring::lookOf(of).word, MapColoring::filterOf(of), counts.buckets.of(of));
    };
    bucket(MachineBucket::Failed);
    bucket(MachineBucket::Silent);
    state(models::StatusWords::of(MachineState::Degraded).word, QStringLiteral("state:degraded"),
          counts.degraded);
    bucket(MachineBucket::Watching);
    bucket(MachineBucket::InFlight);
    // Nothing is no type and no pin.
    counts.types[0] = counts.pins[0] = 0;
    const auto text = [&columns](std::uint32_t id) { return toText(columns.text(id)); };
    addMost(out, {QStringLiteral("type:"), Shown::WithKey}, counts.types, text);
    addMost(out, {QStringLiteral("pin:"), Shown::WithKey}, counts.pins, text);
    const models::FleetVocabulary& words = m_feed.store().vocabulary();
    // "zone=b" says by itself that it is a label.
    addMost(out, {QStringLiteral("label:"), Shown::ValueAlone}, labelsOf(counts, words),
            [&words](std::uint32_t id) { return toText(words.labelText(id)); });
    return out;
}

void MachinesPresenter::addMost(std::vector<Facet>& out, const FacetKey& key,
                                const std::vector<std::uint32_t>& machines,
                                const std::function<QString(std::uint32_t)>& textOf) {
    const auto sorted = byMachines(machines);
    for (std::size_t i = 0; i < std::min(sorted.size(), kFacetsOfAKind); ++i) {
        const QString value = textOf(sorted[i].second);
        const QString term = key.text + value;
        out.push_back({key.shown == Shown::WithKey ? term : value, term, -sorted[i].first});
    }
    if (sorted.size() <= kFacetsOfAKind) return;
    const auto further = static_cast<qint64>(sorted.size() - kFacetsOfAKind);
    out.push_back({tr("%1 and %2 more").arg(key.text, grouped(further)),
                   {},
                   further,
                   tr("Write %1 in the filter: it offers all of them.").arg(key.text)});
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
    facts.empty =
        tr("No machine has joined this cluster yet. Make a token with "
           "\"ifrit-master join-token\" and start ifrit-guard with it.");
    return judgeView(m_hub, facts);
}

}  // namespace ifrit::gui::presenters

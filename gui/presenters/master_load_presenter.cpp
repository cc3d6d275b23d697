// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/master_load_presenter.h"

#include <algorithm>
#include <limits>

#include "gui/models/chart_math.h"
#include "gui/models/text_format.h"
#include "gui/presenters/view_judge.h"

namespace ifrit::gui::presenters {
namespace {

using models::ChartContent;
using models::ChartUnit;
using models::toText;
using services::LoadSample;
using std::chrono::milliseconds;

constexpr milliseconds kKept = std::chrono::hours(1);
/// More than what is new is asked for: samples come when they are ready, answers late.
constexpr milliseconds kOverlap = std::chrono::seconds(30);
/// A longer hole between two samples is one in which the master was away.
constexpr milliseconds kHole = std::chrono::seconds(5);
constexpr std::size_t kLeastSamples = 2;

QString say(ChartUnit unit, double value) {
    return unit == ChartUnit::Rate ? models::rate(value) : models::shortTime(value);
}

double microseconds(std::chrono::microseconds time) {
    return static_cast<double>(time.count());
}

}  // namespace

MasterLoadPresenter::MasterLoadPresenter(ConnectionHub& hub, milliseconds interval, QObject* parent)
    : QObject(parent), m_hub(hub) {
    m_again.setSingleShot(true);
    m_again.setInterval(interval);
    connect(&m_again, &QTimer::timeout, this, &MasterLoadPresenter::ask);
    connect(&hub, &ConnectionHub::sessionClosing, this, &MasterLoadPresenter::forget);
    connect(&hub, &ConnectionHub::linkChanged, this, [this] {
        if (m_hub.isConnected() && !m_asking && !m_again.isActive()) ask();
        Q_EMIT changed();
    });
}

void MasterLoadPresenter::setShown(bool shown) {
    if (shown == m_shown) return;
    m_shown = shown;
    if (shown) {
        ask();
    } else {
        hold();
    }
}

void MasterLoadPresenter::hold() {
    m_call.cancel();
    m_asking = false;
    m_again.stop();
}

void MasterLoadPresenter::forget() {
    hold();
    m_loaded = false;
    m_error = absl::OkStatus();
    m_masters.clear();
    Q_EMIT changed();
}

void MasterLoadPresenter::ask() {
    if (!m_shown || m_hub.session() == nullptr || !m_hub.isConnected()) return;
    const milliseconds missed = m_hub.times().now() - m_answeredAt + kOverlap;
    // One that comes back tells what it did while nobody heard of it.
    const bool isWhole = std::all_of(m_masters.begin(), m_masters.end(), [](const Master& master) {
        return master.answered && !master.last.unreachable;
    });
    const bool isEnough = m_loaded && isWhole && missed < kKept;
    const milliseconds within = isEnough ? missed : milliseconds(0);
    m_asking = true;
    m_call = m_hub.session()->fleet().listMasterLoads(
        within, [this](absl::StatusOr<services::MasterLoads> loads) {
            m_asking = false;
            m_error = loads.status();
            if (loads.ok()) take(*std::move(loads));
            m_again.start();
            Q_EMIT changed();
        });
}

MasterLoadPresenter::Master& MasterLoadPresenter::masterAt(const std::string& address) {
    const auto known = std::find_if(m_masters.begin(), m_masters.end(), [&](const Master& master) {
        return master.last.address == address;
    });
    return known == m_masters.end() ? m_masters.emplace_back() : *known;
}

void MasterLoadPresenter::take(services::MasterLoads loads) {
    m_loaded = true;
    m_answeredAt = m_hub.times().now();
    for (Master& master : m_masters)
        master.answered = false;
    for (services::MasterLoad& load : loads) {
        Master& master = masterAt(load.address);
        for (const LoadSample& sample : load.samples)
            master.samples[base::toUnixMillis(sample.at)] = sample;
        load.samples.clear();
        master.last = std::move(load);
        master.answered = true;
    }
    letGo();
}

void MasterLoadPresenter::letGo() {
    std::int64_t newest = 0;
    for (const Master& master : m_masters) {
        if (!master.samples.empty()) newest = std::max(newest, master.samples.rbegin()->first);
    }
    for (Master& master : m_masters) {
        auto& samples = master.samples;
        samples.erase(samples.begin(), samples.upper_bound(newest - kKept.count()));
    }
    // What a master that is gone did stays until it is out of the hour.
    m_masters.erase(std::remove_if(m_masters.begin(), m_masters.end(),
                                   [](const Master& master) {
                                       return !master.answered && master.samples.empty();
                                   }),
                    m_masters.end());
}

bool MasterLoadPresenter::isDrawable() const {
    return std::any_of(m_masters.begin(), m_masters.end(),
                       [](const Master& master) { return master.samples.size() >= kLeastSamples; });
}

QString MasterLoadPresenter::whoIsMissing() const {
    QStringList silent;
    QStringList untold;
    for (const Master& master : m_masters) {
        const QString address = toText(master.last.address);
        if (!master.answered || master.last.unreachable) {
            silent << address;
        } else if (master.samples.empty()) {
            untold << address;
        }
    }
    QStringList out;
    if (!silent.isEmpty()) out << tr("Does not answer: %1.").arg(silent.join(QStringLiteral(", ")));
    // One of an older version says the same as one that has just begun.
    if (!untold.isEmpty()) out << tr("Tells no load: %1.").arg(untold.join(QStringLiteral(", ")));
    return out.join(QLatin1Char(' '));
}

models::ViewNotice MasterLoadPresenter::notice() const {
    ViewFacts facts;
    facts.loaded = m_loaded;
    facts.loading = !m_loaded;
    facts.error = m_error;
    facts.total = isDrawable() ? 1 : 0;
    facts.shown = facts.total;
    if (isDrawable()) facts.partial = whoIsMissing();
    facts.empty = tr("Too few samples yet: a master takes one every 10 seconds.");
    return judgeView(m_hub, facts);
}

QString MasterLoadPresenter::note() const {
    const models::ViewNotice now = notice();
    QStringList out;
    if (now.state != models::ViewState::Ready) out << now.sentence;
    std::uint64_t shed = 0;
    for (const Master& master : m_masters) {
        for (const auto& [at, sample] : master.samples)
            shed += sample.shed;
        if (m_masters.size() > 1 && master.answered && master.last.leads)
            out << tr("%1 leads").arg(toText(master.last.address));
    }
    if (shed > 0) {
        out << tr("%1 poll(s) were told to come later", "", models::pluralOf(shed))
                   .arg(models::grouped(static_cast<qint64>(shed)));
    }
    return out.join(QStringLiteral(" · "));
}

ChartContent MasterLoadPresenter::begin(const QString& title, ChartUnit unit) const {
    ChartContent out;
    out.title = title;
    out.y = unit;
    if (!isDrawable()) out.whyEmpty = notice().sentence;
    return out;
}

void MasterLoadPresenter::add(ChartContent& out, const Master& master, const Line& line) const {
    if (master.samples.empty()) return;
    models::ChartSeries series;
    series.name = line.name;
    series.dashed = line.dashed;
    series.unnamed = line.dashed;
    series.color = static_cast<int>(&master - m_masters.data());
    std::vector<double> values;
    std::int64_t last = master.samples.begin()->first;
    for (const auto& [at, sample] : master.samples) {
        const std::int64_t since = at - sample.span.count();
        if (since - last > kHole.count())
            series.points.append(
                {static_cast<double>(since), std::numeric_limits<double>::quiet_NaN()});
        last = at;
        // Without a poll there is no time that it took.
        if (out.y == ChartUnit::Took && sample.polls == 0) continue;
        values.push_back(line.value(sample));
        series.points.append({static_cast<double>(at), values.back()});
    }
    const ChartUnit unit = out.y;
    // A quiet master has no line here, and a chart of no points no axes.
    if (values.empty()) return;
    out.rows.push_back(
        models::rowOf(line.name, values, [unit](double one) { return say(unit, one); }));
    out.series.append(std::move(series));
}

ChartContent MasterLoadPresenter::polls() const {
    ChartContent out = begin(tr("Polls per second"), ChartUnit::Rate);
    if (!out.whyEmpty.isEmpty()) return out;
    out.note = note();
    for (const Master& master : m_masters) {
        add(out, master,
            {toText(master.last.address),
             [](const LoadSample& sample) { return sample.pollsPerSecond(); }, false});
    }
    return out;
}

ChartContent MasterLoadPresenter::latency() const {
    ChartContent out = begin(tr("How long a poll takes"), ChartUnit::Took);
    if (!out.whyEmpty.isEmpty()) return out;
    out.note = tr("dashed: the median · solid: 99 of 100 are not above");
    for (const Master& master : m_masters) {
        const QString address = toText(master.last.address);
        add(out, master,
            {address + QStringLiteral(" p50"),
             [](const LoadSample& sample) { return microseconds(sample.pollP50); }, true});
        add(out, master,
            {address + QStringLiteral(" p99"),
             [](const LoadSample& sample) { return microseconds(sample.pollP99); }, false});
    }
    if (out.series.isEmpty()) out.whyEmpty = tr("No machine has polled in this hour.");
    return out;
}

}  // namespace ifrit::gui::presenters

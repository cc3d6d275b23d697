// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/releases/new_release_gates.h"

#include <QCheckBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QSpinBox>

#include "gui/widgets/theme.h"

namespace ifrit::gui::pages {
namespace {

constexpr int kMostMachines = 1'000'000;

/// What stands behind a number follows it.
template <typename SuffixOf>
void follow(QSpinBox* box, SuffixOf suffixOf) {
    const auto say = [box, suffixOf](int value) { box->setSuffix(suffixOf(value)); };
    say(box->value());
    QObject::connect(box, &QSpinBox::valueChanged, box, say);
}

}  // namespace

NewReleaseGates::NewReleaseGates(const widgets::Theme& theme, QFormLayout* form, QWidget* parent)
    : QObject(parent),
      m_percent(new QSpinBox(parent)),
      m_count(new QSpinBox(parent)),
      m_sample(new QSpinBox(parent)),
      m_further(new QLineEdit(parent)),
      m_cost(new QCheckBox(tr("Halt where the new version needs more CPU or memory"), parent)),
      m_costLimits(new QLineEdit(parent)) {
    addLimits(form);
    m_sample->setRange(0, kMostMachines);
    m_sample->setPrefix(tr("from ", "machines of a stage with an outcome"));
    follow(m_sample, [](int n) { return tr(" outcome(s) of a stage on", "", n); });
    form->addRow(tr("Judged"), m_sample);
    m_further->setFont(theme.monospaceFont());
    m_further->setPlaceholderText(QStringLiteral("silent@batch=10%,2,5 failed=3%"));
    form->addRow(tr("Further gates"), m_further);
    form->addRow(tr("Cost"), m_cost);
    addCostLimits(theme, form);
    const domain::GatePolicy defaults;
    const domain::GateLimits limits;
    m_percent->setValue(static_cast<int>(limits.percent));
    m_count->setValue(static_cast<int>(limits.count));
    m_sample->setValue(static_cast<int>(limits.minSample));
    m_cost->setChecked(defaults.cost.enabled);
    m_percent->setAccessibleName(tr("Most bad machines of a stage, in percent"));
    m_count->setAccessibleName(tr("Most bad machines of a stage"));
    m_sample->setAccessibleName(tr("Least outcomes of a stage before it is judged"));
    m_further->setAccessibleName(tr("Further gates"));
    m_further->setToolTip(
        tr("Kind, stage, percent, machines, least sample. Kinds: bad, failed, timed-out, silent, "
           "crash-looping, integrity. Stages: gray, pilot, batch, full; without one, all."));
    m_cost->setAccessibleName(tr("Cost gate"));
    for (QSpinBox* box : {m_percent, m_count, m_sample}) {
        box->setButtonSymbols(QAbstractSpinBox::NoButtons);
        box->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
        connect(box, &QSpinBox::valueChanged, this, &NewReleaseGates::edited);
    }
    connect(m_further, &QLineEdit::textChanged, this, &NewReleaseGates::edited);
    connect(m_cost, &QCheckBox::toggled, this, &NewReleaseGates::edited);
}

/// Both have to be passed: of few machines one is many percent.
void NewReleaseGates::addLimits(QFormLayout* form) {
    m_percent->setRange(0, 100);
    m_percent->setPrefix(tr("over ", "bad machines"));
    m_percent->setSuffix(tr(" % bad"));
    m_count->setRange(0, kMostMachines);
    m_count->setPrefix(tr("and over ", "bad machines"));
    follow(m_count, [](int n) { return tr(" machine(s)", "", n); });
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_percent, 1);
    row->addWidget(m_count, 1);
    form->addRow(tr("Bad machines"), row);
    QWidget::setTabOrder(m_percent, m_count);
}

void NewReleaseGates::addCostLimits(const widgets::Theme& theme, QFormLayout* form) {
    m_costLimits->setFont(theme.monospaceFont());
    m_costLimits->setPlaceholderText(QStringLiteral("full=20%,1.5,8MiB,9 gray=none"));
    m_costLimits->setAccessibleName(tr("Limits of cost, by stage"));
    m_costLimits->setToolTip(
        tr("Stage, percent, percent of a core, memory, least sample of at least 5; or none. "
           "Stages: gray, pilot, batch, full; without one, all that have no limits of their own."));
    form->addRow(tr("Cost limits"), m_costLimits);
    connect(m_costLimits, &QLineEdit::textChanged, this, &NewReleaseGates::edited);
}

void NewReleaseGates::fill(presenters::ReleaseForm& form) const {
    form.badGate = {static_cast<std::uint32_t>(m_percent->value()),
                    static_cast<std::uint32_t>(m_count->value()),
                    static_cast<std::uint32_t>(m_sample->value())};
    form.gates = m_further->text();
    form.costGate = m_cost->isChecked();
    form.costLimits = m_costLimits->text();
}

}  // namespace ifrit::gui::pages

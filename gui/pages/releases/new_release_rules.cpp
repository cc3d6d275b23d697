// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/releases/new_release_rules.h"

#include <QCheckBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QSpinBox>

namespace ifrit::gui::pages {

NewReleaseRules::NewReleaseRules(QFormLayout* form, QWidget* parent)
    : QObject(parent),
      m_approval(new QCheckBox(tr("Another super admin approves the plan before start"), parent)),
      m_windows(new QLineEdit(parent)),
      m_blackouts(new QLineEdit(parent)),
      m_timeZone(new QLineEdit(parent)),
      m_lateJoiners(new QSpinBox(parent)) {
    form->addRow(m_approval);
    m_windows->setPlaceholderText(tr("at every hour; or Mon-Fri 09:00-17:00"));
    form->addRow(tr("Windows"), m_windows);
    m_blackouts->setPlaceholderText(tr("none; or 2026-12-24..2027-01-02"));
    form->addRow(tr("Blackout"), m_blackouts);
    m_timeZone->setPlaceholderText(tr("UTC; or Asia/Shanghai"));
    form->addRow(tr("Time zone"), m_timeZone);
    m_lateJoiners->setRange(1, static_cast<int>(domain::kMaxLateJoiners));
    m_lateJoiners->setValue(static_cast<int>(domain::kDefaultLateJoiners));
    const auto sayMachines = [this](int n) {
        // The number stands where the language has it.
        const QString around = tr("%1 late machine(s) a minute", "", n);
        m_lateJoiners->setPrefix(around.section(QLatin1String("%1"), 0, 0));
        m_lateJoiners->setSuffix(around.section(QLatin1String("%1"), 1));
    };
    sayMachines(m_lateJoiners->value());
    connect(m_lateJoiners, &QSpinBox::valueChanged, this, sayMachines);
    m_lateJoiners->setButtonSymbols(QAbstractSpinBox::NoButtons);
    m_lateJoiners->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    form->addRow(tr("Late joiners"), m_lateJoiners);
    m_windows->setAccessibleName(tr("Weekly windows"));
    m_blackouts->setAccessibleName(tr("Blackout dates"));
    m_timeZone->setAccessibleName(tr("Time zone"));
    m_lateJoiners->setAccessibleName(tr("Late joiners"));
    connect(m_approval, &QCheckBox::toggled, this, &NewReleaseRules::edited);
    for (QLineEdit* field : {m_windows, m_blackouts, m_timeZone})
        connect(field, &QLineEdit::textChanged, this, &NewReleaseRules::edited);
    connect(m_lateJoiners, &QSpinBox::valueChanged, this, &NewReleaseRules::edited);
}

void NewReleaseRules::fill(presenters::ReleaseForm& form) const {
    form.approval = m_approval->isChecked();
    form.windows = m_windows->text();
    form.blackouts = m_blackouts->text();
    form.timeZone = m_timeZone->text();
    form.lateJoiners = m_lateJoiners->value();
}

}  // namespace ifrit::gui::pages

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include "gui/presenters/release_form.h"

class QCheckBox;
class QFormLayout;
class QLineEdit;
class QSpinBox;
class QWidget;

namespace ifrit::gui::pages {

/// The rows of the wizard's form that say who approves a release, when it may change machines, and
/// how many that come late it takes in. Its widgets belong to `parent`.
class NewReleaseRules : public QObject {
    Q_OBJECT
public:
    NewReleaseRules(QFormLayout* form, QWidget* parent);
    void fill(presenters::ReleaseForm& form) const;

Q_SIGNALS:
    void edited();

private:
    QCheckBox* m_approval;
    QLineEdit* m_windows;
    QLineEdit* m_blackouts;
    QLineEdit* m_timeZone;
    QSpinBox* m_lateJoiners;
};

}  // namespace ifrit::gui::pages

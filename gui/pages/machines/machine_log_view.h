// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QComboBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QWidget>

#include "gui/presenters/machine_log_presenter.h"

namespace ifrit::gui::widgets {
class Theme;
}  // namespace ifrit::gui::widgets

namespace ifrit::gui::pages {

/// The tab "Log" of a machine: which agent, a button that asks for the end of its log, the text.
class MachineLogView : public QWidget {
    Q_OBJECT
public:
    MachineLogView(const widgets::Theme& theme, presenters::MachineLogPresenter& presenter,
                   QWidget* parent);
    void retranslate();
    QPushButton* fetchButton() const { return m_fetch; }

private:
    void update();

    presenters::MachineLogPresenter& m_presenter;
    QComboBox* m_agent;
    QPushButton* m_fetch;
    QPushButton* m_copy;
    QLabel* m_note;
    QPlainTextEdit* m_text;
};

}  // namespace ifrit::gui::pages

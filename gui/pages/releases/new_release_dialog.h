// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QButtonGroup>
#include <QCheckBox>
#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QStackedWidget>

#include "gui/presenters/new_release_presenter.h"

class QFormLayout;

namespace ifrit::gui::widgets {
class FactList;
class Theme;
}  // namespace ifrit::gui::widgets

namespace ifrit::gui::pages {

/// Makes a release in two steps: the form, then the master's plan. Closing it before start leaves a
/// draft at most, which changes nothing.
class NewReleaseDialog : public QDialog {
    Q_OBJECT
public:
    NewReleaseDialog(const widgets::Theme& theme, presenters::NewReleasePresenter& presenter,
                     QWidget* parent);

private:
    QWidget* buildForm();
    void addWhat(QFormLayout* form, QWidget* page);
    void addWhere(QFormLayout* form, QWidget* page);
    void addHow(QFormLayout* form, QWidget* page);
    QWidget* buildReview();
    void buildButtons();
    void connectParts();
    void formEdited();
    QStringList chosenTypes() const;
    void refill();
    void refillTypes(const QStringList& types);
    void update();
    void forward();

    const widgets::Theme& m_theme;
    presenters::NewReleasePresenter& m_presenter;
    bool m_filling = false;
    QStackedWidget* m_stack;
    QComboBox* m_kind = nullptr;
    QComboBox* m_agent = nullptr;
    QComboBox* m_version = nullptr;
    QWidget* m_types = nullptr;
    QList<QCheckBox*> m_typeBoxes;
    QCheckBox* m_gray = nullptr;
    QPlainTextEdit* m_uuids = nullptr;
    QLineEdit* m_pin = nullptr;
    QLineEdit* m_labels = nullptr;
    QLabel* m_grayCount = nullptr;
    QSpinBox* m_soak = nullptr;
    QSpinBox* m_deadline = nullptr;
    QCheckBox* m_auto = nullptr;
    QLineEdit* m_reason = nullptr;
    widgets::FactList* m_plan = nullptr;
    QLabel* m_conflicts = nullptr;
    QLabel* m_refusals = nullptr;
    QLabel* m_hint;
    QPushButton* m_back;
    QPushButton* m_forward;
};

}  // namespace ifrit::gui::pages
